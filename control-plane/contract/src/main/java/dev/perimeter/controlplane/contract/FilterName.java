package dev.perimeter.controlplane.contract;

/** Names of the HTTP filters and their helpers the control plane puts into a connection manager. */
public final class FilterName {
    /** Envoy's router, always the last one. */
    public static final String ROUTER = "envoy.filters.http.router";

    /** Ours: a limit on the request body; its config is {@code perimeter.filters.http.body_limit.v1.BodyLimit}. */
    public static final String BODY_LIMIT = "perimeter.filters.http.body_limit";

    /** Envoy's network filter that speaks HTTP. */
    public static final String HTTP_CONNECTION_MANAGER = "envoy.filters.network.http_connection_manager";

    /** Envoy's network filter that relays bytes. */
    public static final String TCP_PROXY = "envoy.filters.network.tcp_proxy";

    /** Envoy's listener filter that looks at the first bytes and says whether they are HTTP, and which. */
    public static final String HTTP_INSPECTOR = "envoy.filters.listener.http_inspector";

    /** Envoy's options for how a cluster is spoken to. */
    public static final String HTTP_PROTOCOL_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    /** Envoy's access logger that writes to standard output. */
    public static final String STDOUT_ACCESS_LOG = "envoy.access_loggers.stdout";

    private FilterName() {}
}
