package dev.perimeter.controlplane.contract;

/** How the resources of a proxy are called; names are part of the contract because logs and statistics show them. */
public final class ResourceNames {
    /** The listener and the route configuration for what the application calls. */
    public static final String OUTBOUND = "outbound";

    /** The cluster for a port of a service, as seen by its callers; its endpoints carry the same name. */
    public static String outboundCluster(String namespace, String service, int port) {
        return "outbound/" + namespace + "/" + service + ":" + port;
    }

    /**
     * The internal listener that a CONNECT to a port of a service ends at, and the cluster that leads there: what is
     * spoken inside is found out and treated like a call without CONNECT.
     */
    public static String tunnel(String namespace, String service, int port) {
        return "tunnel/" + namespace + "/" + service + ":" + port;
    }

    /** The listener, route configuration and cluster for a port of the proxy's own workload. */
    public static String inbound(int port) {
        return "inbound/" + port;
    }

    /** The listener and route configuration for one port of a Gateway. */
    public static String gateway(String namespace, String gateway, int port) {
        return "gateway/" + namespace + "/" + gateway + "/" + port;
    }

    /**
     * The API listener for a service port, asked for by name by clients without a proxy (gRPC's own xDS client
     * asks for exactly what stands behind {@code xds:///}).
     */
    public static String apiListener(String namespace, String service, int port) {
        return service + "." + namespace + ":" + port;
    }

    private ResourceNames() {}
}
