package dev.perimeter.proxy.sidecar.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.sidecar.EmbeddedProxy;
import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Access logs in text, and of some requests only. */
class AccessLogStoriesTest {

    private static String bootstrap(String logs) {
        return """
            admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
            static_resources:
              listeners:
              - name: in
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                filter_chains:
                - filters:
                  - name: http
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: in
                      access_log: LOGS
                      route_config:
                        virtual_hosts:
                        - name: all
                          domains: ["*"]
                          routes:
                          - {match: {prefix: "/bad"}, direct_response: {status: 500}}
                          - {match: {prefix: "/good"}, direct_response: {status: 200}}
                      http_filters:
                      - {name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
            """.replace("LOGS", logs);
    }

    private static String log(String filter) {
        return "{name: a, filter: " + filter
                + ", typed_config: {'@type':"
                + " type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog, path: /dev/stdout,"
                + " log_format: {text_format_source: {inline_string: \"%REQ(:PATH)% %RESPONSE_CODE%\\n"
                + "\"}}}}";
    }

    private static List<String> lines(String filter) {
        EmbeddedProxy proxy = EmbeddedProxy.from(bootstrap("[" + log(filter) + "]"));
        try (proxy) {
            String in = "http://127.0.0.1:" + proxy.listener("in").getPort();
            for (String path : List.of("/good", "/bad", "/none")) {
                proxy.send(HttpRequest.newBuilder(java.net.URI.create(in + path)));
            }
            proxy.send(HttpRequest.newBuilder(java.net.URI.create(in + "/good/last"))
                    .header("x-debug", "1"));
        }
        // Every line is out when the loops are down.
        return proxy.accessLog().lines().toList();
    }

    @Test
    void statusFilter_leavesOutWhatWentWell() {
        assertThat(lines("{status_code_filter: {comparison: {op: GE, value: {default_value: 400, runtime_key: x}}}}"))
                .containsExactlyInAnyOrder("/bad 500", "/none 404");
    }

    @Test
    void filters_canBeJoined() {
        assertThat(lines("{or_filter: {filters: [{response_flag_filter: {flags: [NR]}}, {and_filter: {filters:"
                        + " [{header_filter: {header: {name: x-debug, present_match: true}}},"
                        + " {status_code_filter: {comparison: {op: EQ, value: {default_value: 200,"
                        + " runtime_key: x}}}}]}}]}}"))
                .containsExactlyInAnyOrder("/none 404", "/good/last 200");
    }

    @Test
    void durationFilter_leavesOutWhatWasQuick() {
        assertThat(lines("{duration_filter: {comparison: {op: GE, value: {default_value: 600000, runtime_key: x}}}}"))
                .isEmpty();
    }
}
