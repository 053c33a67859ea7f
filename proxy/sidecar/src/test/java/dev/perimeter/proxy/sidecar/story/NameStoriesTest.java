package dev.perimeter.proxy.sidecar.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.perimeter.proxy.sidecar.EmbeddedProxy;
import dev.perimeter.proxy.testkit.FakeNameServer;
import dev.perimeter.proxy.testkit.FakeUpstream;
import io.netty.handler.codec.dns.DnsResponseCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clusters whose endpoints have names: from the bootstrap to what clients see, with a name server of the test's own. */
class NameStoriesTest {

    private final FakeNameServer server = FakeNameServer.start();
    private final FakeUpstream one = FakeUpstream.named("one");

    @AfterEach
    void stop() {
        one.close();
        server.close();
    }

    private String bootstrap(String type, String rest) {
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
                      route_config:
                        virtual_hosts:
                        - {name: all, domains: ["*"], routes: [{match: {prefix: "/"}, route: {cluster: pay, auto_host_rewrite: true}}]}
                      http_filters:
                      - {name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
              clusters:
              - name: pay
                connect_timeout: 1s
                type: TYPE
                dns_lookup_family: V4_ONLY
                dns_refresh_rate: 0.02s
                REST
                typed_dns_resolver_config:
                  name: envoy.network.dns_resolver.cares
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig
                    resolvers: [{socket_address: {protocol: UDP, address: 127.0.0.1, port_value: SERVER}}]
                load_assignment:
                  cluster_name: pay
                  endpoints:
                  - lb_endpoints:
                    - endpoint: {address: {socket_address: {address: pay.test, port_value: UPSTREAM}}}
            """.replace("TYPE", type)
                .replace("REST", rest)
                .replace("SERVER", server.address().getPort() + "")
                .replace("UPSTREAM", one.address().getPort() + "");
    }

    /** Another upstream on the same port of another address. */
    private HttpServer two() throws IOException {
        HttpServer two = HttpServer.create(
                new InetSocketAddress(
                        InetAddress.ofLiteral("127.0.0.2"), one.address().getPort()),
                0);
        two.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, 3);
                exchange.getResponseBody().write("two".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
        });
        two.start();
        return two;
    }

    @Test
    void firstRequest_isServed_sinceNamesAreLookedUpBefore() {
        server.say("pay.test", 60, "127.0.0.1");
        try (EmbeddedProxy proxy = EmbeddedProxy.from(bootstrap("STRICT_DNS", ""))) {
            assertThat(proxy.get("in", "/").body()).isEqualTo("one");
            assertThat(one.received().getFirst().header("Host")).isEqualTo("pay.test");
            assertThat(proxy.admin("/clusters").body())
                    .contains("pay::127.0.0.1:" + one.address().getPort() + "::hostname::pay.test");
        }
    }

    @Test
    void nameThatMoves_isFollowedWithoutALostRequest() throws Exception {
        HttpServer two = two();
        server.say("pay.test", 60, "127.0.0.1");
        try (EmbeddedProxy proxy = EmbeddedProxy.from(bootstrap("STRICT_DNS", ""))) {
            assertThat(proxy.get("in", "/").body()).isEqualTo("one");
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger lost = new AtomicInteger();
            AtomicInteger sent = new AtomicInteger();
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
                while (!over.get()) {
                    HttpResponse<String> response = proxy.get("in", "/");
                    sent.incrementAndGet();
                    lost.addAndGet(response.statusCode() == 200 ? 0 : 1);
                }
            });
            for (int i = 0; i < 5; i++) {
                server.say("pay.test", 60, i % 2 == 0 ? "127.0.0.2" : "127.0.0.1");
                String expected = i % 2 == 0 ? "two" : "one";
                await().until(() -> proxy.get("in", "/").body().equals(expected));
            }
            over.set(true);
            load.join();
            assertThat(lost).hasValue(0);
            assertThat(sent.get()).isPositive();
        } finally {
            two.stop(0);
        }
    }

    @Test
    void nameServerThatIsAway_costsNothingThatWasKnown() {
        server.say("pay.test", 60, "127.0.0.1");
        try (EmbeddedProxy proxy =
                EmbeddedProxy.from(bootstrap("LOGICAL_DNS", "")).awaitReady()) {
            assertThat(proxy.get("in", "/").body()).isEqualTo("one");
            server.failing(DnsResponseCode.SERVFAIL);
            await().until(() -> proxy.admin("/stats/prometheus")
                    .body()
                    .lines()
                    .anyMatch(line -> line.matches("envoy_dns_cares_get_addr_failure_total(\\{})? [1-9].*")));
            assertThat(proxy.get("in", "/").body()).isEqualTo("one");
        }
    }

    @Test
    void nameThatComesLater_isServedThen() {
        try (EmbeddedProxy proxy = EmbeddedProxy.from(bootstrap("STRICT_DNS", ""))) {
            assertThat(proxy.get("in", "/").statusCode()).isEqualTo(503);
            server.say("pay.test", 60, "127.0.0.1");
            await().until(() -> proxy.get("in", "/").statusCode() == 200);
        }
    }

    @Test
    void endpointsOfANewAddress_areCheckedBeforeTheyServe() throws Exception {
        HttpServer two = two();
        server.say("pay.test", 60, "127.0.0.1");
        String check = "health_checks: [{timeout: 1s, interval: 0.05s, unhealthy_threshold: 1, healthy_threshold: 1,"
                + " http_health_check: {path: /}}]";
        try (EmbeddedProxy proxy = EmbeddedProxy.from(bootstrap("STRICT_DNS", check))) {
            assertThat(proxy.get("in", "/").body()).isEqualTo("one");
            server.say("pay.test", 60, "127.0.0.2", "127.0.0.1", "127.0.0.9");
            await().untilAsserted(() -> assertThat(proxy.admin("/clusters").body())
                    .contains("pay::127.0.0.2:" + one.address().getPort() + "::health_flags::healthy")
                    .contains("pay::127.0.0.9:" + one.address().getPort() + "::health_flags::/failed_active_hc"));
        } finally {
            two.stop(0);
        }
    }
}
