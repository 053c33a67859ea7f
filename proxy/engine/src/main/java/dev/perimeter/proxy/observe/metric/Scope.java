package dev.perimeter.proxy.observe.metric;

import java.util.ArrayList;
import java.util.List;

/** The numbers of one listener or one cluster, one set of cells for each event loop. */
public final class Scope<M extends Enum<M>> {

    private final String label;
    private final List<Cells<M>> loops;

    Scope(String label, int loops, int metrics) {
        this.label = label;
        List<Cells<M>> cells = new ArrayList<>();
        for (int i = 0; i < loops; i++) {
            cells.add(new Cells<>(metrics));
        }
        this.loops = List.copyOf(cells);
    }

    /** The cells that loop number {@code loop} may write to. */
    public Cells<M> on(int loop) {
        return loops.get(loop);
    }

    /** The sum over all loops; may be asked on any thread. */
    public long total(M metric) {
        return total(metric.ordinal());
    }

    long total(int metric) {
        return loops.stream().mapToLong(cells -> cells.get(metric)).sum();
    }

    long inBucket(int bucket) {
        return loops.stream().mapToLong(cells -> cells.inBucket(bucket)).sum();
    }

    double sumMillis() {
        return loops.stream().mapToLong(Cells::sumNanos).sum() / 1e6;
    }

    String label() {
        return label;
    }
}
