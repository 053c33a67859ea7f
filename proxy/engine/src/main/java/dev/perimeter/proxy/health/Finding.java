package dev.perimeter.proxy.health;

/** What came of one active check. */
public enum Finding {
    HEALTHY,
    /** Well, but to be spared: it said so by {@code x-envoy-degraded}. */
    DEGRADED,
    /** It answered, and the answer was that it is ill: believed at once. */
    UNHEALTHY,
    /** It answered something that may pass: counts as one failure. */
    RETRIABLE,
    NETWORK_FAILURE,
    TIMEOUT;

    public boolean isSuccess() {
        return this == HEALTHY || this == DEGRADED;
    }
}
