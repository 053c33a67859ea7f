package dev.perimeter.proxy.cluster;

/** How it is found out which endpoints work, by asking them and by watching what they answer. */
public record HealthChecking() {

    public static final HealthChecking NONE = new HealthChecking();
}
