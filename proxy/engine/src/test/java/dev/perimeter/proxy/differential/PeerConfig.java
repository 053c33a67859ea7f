package dev.perimeter.proxy.differential;

import java.nio.file.Path;
import java.util.List;

/** How each peer is told to pass requests on: as they are, one upstream connection each, nothing added if that is possible. */
final class PeerConfig {

    private PeerConfig() {}

    static String of(Peer.Kind kind, List<Integer> ports, List<Lane> lanes, Path home) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ports.size(); i++) {
            int upstream = lanes.get(i).address().getPort();
            text.append(
                    switch (kind) {
                        case NGINX -> NGINX_SERVER.formatted(ports.get(i), upstream);
                        case HAPROXY -> HAPROXY_PROXY.formatted(i, ports.get(i), upstream);
                        case ENVOY -> ENVOY_LISTENER.formatted(i, ports.get(i), i);
                    });
        }
        return switch (kind) {
            case NGINX -> NGINX.formatted(home, home, home, home, home, home, home, text);
            case HAPROXY -> HAPROXY + text;
            case ENVOY -> {
                StringBuilder clusters = new StringBuilder();
                for (int i = 0; i < ports.size(); i++) {
                    clusters.append(
                            ENVOY_CLUSTER.formatted(i, i, lanes.get(i).address().getPort()));
                }
                yield ENVOY.formatted(text, clusters);
            }
        };
    }

    private static final String NGINX = """
        daemon off;
        worker_processes 1;
        pid %s/pid;
        error_log %s/error.log;
        events { worker_connections 512; }
        http {
            access_log off;
            client_body_temp_path %s/body;
            proxy_temp_path %s/proxy;
            fastcgi_temp_path %s/fastcgi;
            uwsgi_temp_path %s/uwsgi;
            scgi_temp_path %s/scgi;
            underscores_in_headers on;
            ignore_invalid_headers off;
            merge_slashes off;
            proxy_http_version 1.1;
            proxy_request_buffering off;
            proxy_set_header Host $http_host;
            proxy_set_header Connection close;
        %s
        }
        """;

    private static final String NGINX_SERVER = """
            server {
                listen 127.0.0.1:%d;
                location / { proxy_pass http://127.0.0.1:%d; }
            }
        """;

    private static final String HAPROXY = """
        defaults
            mode http
            option http-server-close
            http-reuse never
            timeout connect 5s
            timeout client 10s
            timeout server 10s
            timeout http-request 10s
        """;

    private static final String HAPROXY_PROXY = """
        listen lane%d
            bind 127.0.0.1:%d
            server upstream 127.0.0.1:%d
        """;

    private static final String ENVOY = """
        static_resources:
          listeners:
        %s
          clusters:
        %s
        """;

    private static final String ENVOY_LISTENER = """
            - name: lane%d
              address: { socket_address: { address: 127.0.0.1, port_value: %d } }
              filter_chains:
                - filters:
                    - name: http
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                        stat_prefix: lane
                        generate_request_id: false
                        codec_type: HTTP1
                        http_protocol_options: { accept_http_10: true, enable_trailers: true, default_host_for_http_10: shop.example }
                        http_filters:
                          - name: router
                            typed_config:
                              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
                              suppress_envoy_headers: true
                        route_config:
                          virtual_hosts:
                            - name: all
                              domains: ["*"]
                              routes:
                                - match: { prefix: "/" }
                                  route: { cluster: lane%d, timeout: 0s }
        """;

    private static final String ENVOY_CLUSTER = """
            - name: lane%d
              type: STATIC
              typed_extension_protocol_options:
                envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                  "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                  common_http_protocol_options: { max_requests_per_connection: 1 }
                  explicit_http_config: { http_protocol_options: { enable_trailers: true } }
              load_assignment:
                cluster_name: lane%d
                endpoints:
                  - lb_endpoints:
                      - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } }
        """;
}
