package dev.perimeter.controlplane.contract;

/** The ports the mesh itself uses, the same on one machine, in network namespaces and on Kubernetes. */
public final class Ports {
    /** A proxy's admin pages, on loopback only. */
    public static final int ADMIN = 15000;

    /** Where a sidecar takes the calls its own application makes. */
    public static final int OUTBOUND = 15001;

    /** Where redirect rules bring the connections that come from outside. */
    public static final int INBOUND_REDIRECT = 15006;

    /** The control plane's ADS server. */
    public static final int XDS = 15010;

    /** The control plane's console: status and config dumps. */
    public static final int CONSOLE = 8099;

    private Ports() {}
}
