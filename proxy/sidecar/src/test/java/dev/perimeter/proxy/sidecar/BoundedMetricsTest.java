package dev.perimeter.proxy.sidecar;

import static dev.perimeter.proxy.testkit.xds.Resources.httpListener;
import static dev.perimeter.proxy.testkit.xds.Resources.route;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.controlplane.contract.TypeUrl;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What clients send makes no series of its own, and neither do routes. */
class BoundedMetricsTest {

    private static final int ROUTES = 5_000;
    private static final int HOSTS = 3_000;

    /** One listener and one cluster; room for numbers to come. */
    private static final int MOST_SERIES = 400;

    @Test
    void manyRoutesAndHosts_seriesStayFew() throws IOException {
        try (FakeUpstream upstream = FakeUpstream.named("here");
                FakeControlPlane controlPlane = FakeControlPlane.start();
                EmbeddedProxy proxy = EmbeddedProxy.following(controlPlane.port())) {
            VirtualHost.Builder host = VirtualHost.newBuilder().setName("all").addDomains("*");
            for (int i = 0; i < ROUTES; i++) {
                host.addRoutes(route("/r" + i + "/", "up").toBuilder().setName("route-" + i));
            }
            controlPlane.publish(
                    TypeUrl.CLUSTER,
                    "c1",
                    staticCluster("up", upstream.address().getPort()));
            controlPlane.publish(
                    TypeUrl.LISTENER,
                    "l1",
                    httpListener(
                            "in",
                            0,
                            RouteConfiguration.newBuilder()
                                    .setName("t")
                                    .addVirtualHosts(host)
                                    .build()));
            proxy.awaitReady();
            ask(proxy, 10);
            long before = series(proxy);
            ask(proxy, HOSTS);
            assertThat(series(proxy)).isEqualTo(before).isLessThan(MOST_SERIES);
            assertThat(proxy.admin("/stats/prometheus").body())
                    .contains(
                            "envoy_http_downstream_rq_time_bucket{envoy_http_conn_manager_prefix=\"test\",le=\"+Inf\"}")
                    .doesNotContain("host-7", "route-7");
        }
    }

    private static void ask(EmbeddedProxy proxy, int requests) throws IOException {
        try (RawClient client = new RawClient(proxy.listener("in"))) {
            for (int i = 0; i < requests; i++) {
                String path = i % 10 == 0 ? "/none" : "/r" + i + "/x";
                String reply = client.send("GET " + path + " HTTP/1.1\r\nHost: host-" + i + ".example\r\n\r\n")
                        .readTo(i % 10 == 0 ? "no such route" : "here");
                assertThat(reply).startsWith(i % 10 == 0 ? "HTTP/1.1 404" : "HTTP/1.1 200");
            }
        }
    }

    private static long series(EmbeddedProxy proxy) {
        return proxy.admin("/stats/prometheus")
                .body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .count();
    }
}
