package dev.perimeter.proxy.story;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** When a slow reader takes more, however much is there. */
public final class Pace {

    public static final long STALL_MILLIS = 500;

    private static final long STALLS_AFTER = 8 << 20;
    private static final long ANY = Long.MAX_VALUE;

    private final long bytesPerSecond;
    private final long stallsAfter;
    private final long began = System.nanoTime();
    private long taken;

    private Pace(long bytesPerSecond, long stallsAfter) {
        this.bytesPerSecond = bytesPerSecond;
        this.stallsAfter = stallsAfter;
    }

    /** No more than that in a second. */
    public static Pace steady(long bytesPerSecond) {
        return new Pace(bytesPerSecond, ANY);
    }

    /** As fast as it can, but for a while in which it takes nothing at all. */
    public static Pace withAStall() {
        return new Pace(ANY, STALLS_AFTER);
    }

    /** Returns when the next bytes may be taken. */
    public void took(int bytes) {
        boolean stalls = taken < stallsAfter && taken + bytes >= stallsAfter;
        taken += bytes;
        if (stalls) {
            until(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STALL_MILLIS));
        } else if (bytesPerSecond != ANY) {
            until(began + (long) ((double) taken / bytesPerSecond * TimeUnit.SECONDS.toNanos(1)));
        }
    }

    private static void until(long due) {
        for (long ahead = due - System.nanoTime(); ahead > 0; ahead = due - System.nanoTime()) {
            LockSupport.parkNanos(ahead);
        }
    }

    public long taken() {
        return taken;
    }
}
