package dev.perimeter.proxy.balance.spread;

/**
 * How the load spreads over priorities (Envoy: "Priority levels", "Panic threshold", "Degraded endpoints"). A priority
 * gets what its healthy endpoints can carry, taken {@code overprovisioning} times; what is left goes to the next one, and
 * to degraded endpoints when no priority can carry it by healthy ones. Immutable; made anew when health changes.
 */
final class PriorityLoads {

    /** What counts of one priority; heads, or weights where the endpoint set says so. */
    record Census(long all, long healthy, long degraded) {}

    private final int[] healthy;
    private final int[] degraded;
    private final boolean[] panic;

    /** @param panicThreshold in percent */
    PriorityLoads(Census[] priorities, int overprovisioningPercent, double panicThreshold) {
        int count = priorities.length;
        healthy = new int[count];
        degraded = new int[count];
        panic = new boolean[count];
        int[] healthOf = new int[count];
        int[] degradedOf = new int[count];
        int total = 0;
        for (int i = 0; i < count; i++) {
            Census census = priorities[i];
            healthOf[i] = percent(census.healthy(), census.all(), overprovisioningPercent);
            degradedOf[i] = percent(census.degraded(), census.all(), overprovisioningPercent);
            total += healthOf[i] + degradedOf[i];
        }
        total = Math.min(100, total);
        if (total > 0) {
            share(healthOf, degradedOf, total);
        }
        panic(priorities, total, panicThreshold);
    }

    private static int percent(long part, long all, int overprovisioningPercent) {
        return all == 0 ? 0 : (int) Math.min(100, part * overprovisioningPercent / all);
    }

    private void share(int[] healthOf, int[] degradedOf, int total) {
        int left = 100;
        for (int i = 0; i < healthy.length; i++) {
            healthy[i] = Math.min(left, healthOf[i] * 100 / total);
            left -= healthy[i];
        }
        for (int i = 0; i < degraded.length; i++) {
            degraded[i] = Math.min(left, degradedOf[i] * 100 / total);
            left -= degraded[i];
        }
        // What rounding left over goes to the first that has anything.
        for (int[] loads : new int[][] {healthy, degraded}) {
            for (int i = 0; i < loads.length && left > 0; i++) {
                if (loads[i] > 0) {
                    loads[i] += left;
                    left = 0;
                }
            }
        }
    }

    /** As long as all priorities together can carry the whole load, none is in panic. */
    private void panic(Census[] priorities, int total, double threshold) {
        boolean all = priorities.length > 0;
        for (int i = 0; i < panic.length; i++) {
            Census census = priorities[i];
            double well = census.all() == 0 ? 0 : 100.0 * (census.healthy() + census.degraded()) / census.all();
            panic[i] = total < 100 && well < threshold;
            all = all && panic[i];
        }
        if (all) {
            shareByHeads(priorities);
        }
    }

    /** With all in panic nothing that is known of health counts. */
    private void shareByHeads(Census[] priorities) {
        long heads = 0;
        for (Census census : priorities) {
            heads += census.all();
        }
        int left = 100;
        int first = -1;
        for (int i = 0; i < priorities.length; i++) {
            healthy[i] = heads == 0 ? 0 : (int) (100 * priorities[i].all() / heads);
            degraded[i] = 0;
            left -= healthy[i];
            first = first < 0 && healthy[i] > 0 ? i : first;
        }
        if (first >= 0) {
            healthy[first] += left;
        }
    }

    int healthy(int priority) {
        return healthy[priority];
    }

    int degraded(int priority) {
        return degraded[priority];
    }

    boolean panic(int priority) {
        return panic[priority];
    }

    boolean anyPanic() {
        for (boolean each : panic) {
            if (each) {
                return true;
            }
        }
        return false;
    }

    /**
     * @param at from 0 to 99
     * @return the priority whose healthy endpoints serve it, or {@code -1 - priority} for degraded ones; {@link
     *     Integer#MIN_VALUE} when nobody does
     */
    int choose(int at) {
        int sum = 0;
        for (int i = 0; i < healthy.length; i++) {
            sum += healthy[i];
            if (at < sum) {
                return i;
            }
        }
        for (int i = 0; i < degraded.length; i++) {
            sum += degraded[i];
            if (at < sum) {
                return -1 - i;
            }
        }
        return Integer.MIN_VALUE;
    }
}
