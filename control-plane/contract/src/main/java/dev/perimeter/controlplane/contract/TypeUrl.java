package dev.perimeter.controlplane.contract;

/** The xDS resource types that are served, by the type URL that stands in every request and response. */
public final class TypeUrl {
    /** What every type URL of a protobuf message starts with. */
    public static final String PREFIX = "type.googleapis.com/";

    /** LDS. */
    public static final String LISTENER = PREFIX + "envoy.config.listener.v3.Listener";

    /** RDS. */
    public static final String ROUTE_CONFIGURATION = PREFIX + "envoy.config.route.v3.RouteConfiguration";

    /** CDS. */
    public static final String CLUSTER = PREFIX + "envoy.config.cluster.v3.Cluster";

    /** EDS. */
    public static final String ENDPOINT = PREFIX + "envoy.config.endpoint.v3.ClusterLoadAssignment";

    /** SDS. */
    public static final String SECRET = PREFIX + "envoy.extensions.transport_sockets.tls.v3.Secret";

    /** ECDS: the config of one filter. */
    public static final String EXTENSION_CONFIG = PREFIX + "envoy.config.core.v3.TypedExtensionConfig";

    private TypeUrl() {}
}
