package dev.perimeter.proxy.sidecar.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.perimeter.proxy.sidecar.EmbeddedProxy;
import dev.perimeter.proxy.testkit.RawClient;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Envoy's connection_limit before a connection manager. */
class ConnectionLimitStoriesTest {

    private static final String BOOTSTRAP = """
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
        static_resources:
          listeners:
          - name: in
            address: {socket_address: {address: 127.0.0.1, port_value: 0}}
            filter_chains:
            - filters:
              - name: limit
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit
                  stat_prefix: door
                  max_connections: 2
                  delay: 0.05s
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: in
                  route_config:
                    virtual_hosts:
                    - {name: all, domains: ["*"], routes: [{match: {prefix: "/"}, direct_response: {status: 200, body: {inline_string: here}}}]}
                  http_filters:
                  - {name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
        """;

    private static String ask(RawClient client) throws IOException {
        return client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readTo("here");
    }

    @Test
    void connectionAboveTheLimit_isClosedWithoutAWord_untilThereIsAPlaceAgain() throws IOException {
        try (EmbeddedProxy proxy = EmbeddedProxy.from(BOOTSTRAP);
                RawClient first = new RawClient(proxy.listener("in"));
                RawClient second = new RawClient(proxy.listener("in"))) {
            assertThat(ask(first)).startsWith("HTTP/1.1 200 ");
            assertThat(ask(second)).startsWith("HTTP/1.1 200 ");
            try (RawClient third = new RawClient(proxy.listener("in"))) {
                assertThat(third.readToEnd()).isEmpty();
            }
            assertThat(ask(first)).as("the others do not notice").startsWith("HTTP/1.1 200 ");
            assertThat(proxy.admin("/stats/prometheus").body())
                    .contains("envoy_connection_limit_limited_connections{envoy_connection_limit_prefix=\"door\"} 1")
                    .contains("envoy_connection_limit_active_connections{envoy_connection_limit_prefix=\"door\"} 2");

            second.socket().close();
            await().ignoreExceptions().untilAsserted(() -> {
                try (RawClient again = new RawClient(proxy.listener("in"))) {
                    assertThat(ask(again)).startsWith("HTTP/1.1 200 ");
                }
            });
        }
    }
}
