package dev.perimeter.proxy.observe.metric;

/** Envoy's default histogram buckets, in milliseconds; fixed ones, as they cost one increment and can be added up. */
final class Histogram {

    static final double[] UPPER_MILLIS = {
        0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000, 1800000, 3600000
    };

    /** One more than the bounds: the last holds what is longer than all of them. */
    static final int BUCKETS = UPPER_MILLIS.length + 1;

    private Histogram() {}

    static int bucket(long nanos) {
        double millis = nanos / 1e6;
        int bucket = 0;
        while (bucket < UPPER_MILLIS.length && millis > UPPER_MILLIS[bucket]) {
            bucket++;
        }
        return bucket;
    }
}
