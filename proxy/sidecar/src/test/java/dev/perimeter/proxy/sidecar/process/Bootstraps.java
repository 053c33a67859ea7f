package dev.perimeter.proxy.sidecar.process;

import java.nio.file.Path;

/** Bootstraps without a control plane, in YAML. */
final class Bootstraps {

    private static final String EXTENSIONS = "type.googleapis.com/envoy.extensions.";

    private static final String LISTENER = """
        static_resources:
          listeners:
            - name: http
              address: {socket_address: {address: 127.0.0.1, port_value: %d}}
              filter_chains:
                - filters:
                    - name: envoy.filters.network.http_connection_manager
                      typed_config:
                        "@type": EXTENSIONS.filters.network.http_connection_manager.v3.HttpConnectionManager
                        stat_prefix: http
                        http_filters:
                          - name: envoy.filters.http.router
                            typed_config: {"@type": EXTENSIONS.filters.http.router.v3.Router}
                        route_config:
                          name: table
                          virtual_hosts:
                            - name: all
                              domains: ["*"]
                              routes:
                                - match: {prefix: /echo/}
                                  route: {cluster: grpc, timeout: 0s}
                                - match: {prefix: /}
                                  route: {cluster: plain, timeout: 0s}
          clusters:
        """;

    /** Its breakers are as good as none: what is refused here is refused for another reason. */
    private static final String CLUSTER = """
            - name: %s
              type: STATIC
              connect_timeout: 1s
              circuit_breakers:
                thresholds: [{max_connections: 10000, max_pending_requests: 10000, max_requests: 10000}]
              load_assignment:
                cluster_name: %s
                endpoints:
                  - lb_endpoints:
                      - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
        """;

    private static final String HTTP2 = """
              typed_extension_protocol_options:
                envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                  "@type": EXTENSIONS.upstreams.http.v3.HttpProtocolOptions
                  explicit_http_config: {http2_protocol_options: {}}
        """;

    private Bootstraps() {}

    /** Requests for {@code /echo/} go to a server that speaks HTTP/2, all others to one that does not. */
    static String serving(int port, int http1Port, int http2Port) {
        String text = admin(0)
                + LISTENER.formatted(port)
                + CLUSTER.formatted("plain", "plain", http1Port)
                + CLUSTER.formatted("grpc", "grpc", http2Port)
                + HTTP2;
        return text.replace("EXTENSIONS.", EXTENSIONS);
    }

    /** As {@link #serving}, with the listener in that file. */
    static String following(Path listeners, int http1Port, int http2Port) {
        String text = serving(0, http1Port, http2Port);
        return text.substring(0, text.indexOf("  listeners:"))
                + text.substring(text.indexOf("  clusters:"))
                + "dynamic_resources: {lds_config: {path_config_source: {path: \"" + listeners + "\"}}}\n"
                + "node: {id: proxy, cluster: tests}\n";
    }

    /** What is in the file that {@link #following} names. */
    static String listeners(int port) {
        String text = serving(port, 1, 2);
        String listener = text.substring(text.indexOf("    - name: http\n"), text.indexOf("  clusters:"));
        return "resources:\n"
                + listener.replaceFirst(
                        "- name: http\n",
                        "- \"@type\": type.googleapis.com/envoy.config.listener.v3.Listener\n      name: http\n");
    }

    static String admin(int port) {
        return "admin: {address: {socket_address: {address: 127.0.0.1, port_value: " + port + "}}}\n";
    }
}
