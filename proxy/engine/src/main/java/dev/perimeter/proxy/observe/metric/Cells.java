package dev.perimeter.proxy.observe.metric;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The numbers of one scope on one event loop. Only that loop writes, so an ordered store is enough and no two loops ever
 * write to the same line of memory; whoever reads adds the loops up.
 */
public final class Cells<M extends Enum<M>> {

    private static final int SUM = Histogram.BUCKETS;

    private final AtomicLongArray counts;
    private final AtomicLongArray durations = new AtomicLongArray(Histogram.BUCKETS + 1);

    Cells(int metrics) {
        counts = new AtomicLongArray(metrics);
    }

    public void add(M metric, long amount) {
        int index = metric.ordinal();
        counts.lazySet(index, counts.getPlain(index) + amount);
    }

    /** For what is counted elsewhere and only shown here. */
    public void set(M metric, long value) {
        counts.lazySet(metric.ordinal(), value);
    }

    public void increment(M metric) {
        add(metric, 1);
    }

    /** Counts one request or connection of that length. */
    public void duration(long nanos) {
        int bucket = Histogram.bucket(nanos);
        durations.lazySet(bucket, durations.getPlain(bucket) + 1);
        durations.lazySet(SUM, durations.getPlain(SUM) + nanos);
    }

    long get(int metric) {
        return counts.get(metric);
    }

    long inBucket(int bucket) {
        return durations.get(bucket);
    }

    long sumNanos() {
        return durations.get(SUM);
    }
}
