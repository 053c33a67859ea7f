package dev.perimeter.proxy.mirror;

import java.util.random.RandomGenerator;

/**
 * A cluster that gets copies of requests (Envoy: RequestMirrorPolicy).
 *
 * @param cluster its name, or the name of the header that names it
 * @param fromHeader which of the two {@code cluster} is
 * @param numerator of the share of requests that are copied
 * @param denominator 100, 10,000 or 1,000,000
 * @param markHost whether the copy's host ends in {@code -shadow}
 */
public record MirrorPolicy(String cluster, boolean fromHeader, int numerator, int denominator, boolean markHost) {

    /** Copies all requests to the cluster, marked. */
    public static MirrorPolicy all(String cluster) {
        return new MirrorPolicy(cluster, false, 100, 100, true);
    }

    boolean takes(RandomGenerator random) {
        return numerator >= denominator || random.nextInt(denominator) < numerator;
    }
}
