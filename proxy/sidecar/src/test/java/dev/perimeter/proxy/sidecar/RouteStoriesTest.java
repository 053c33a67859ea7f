package dev.perimeter.proxy.sidecar;

import static dev.perimeter.proxy.testkit.xds.Resources.httpListener;
import static dev.perimeter.proxy.testkit.xds.Resources.route;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UInt32Value;
import dev.perimeter.controlplane.contract.TypeUrl;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.ClusterNotFoundResponseCode;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the control plane says about routes, on the wire. */
class RouteStoriesTest {

    private static final String SHOP = "shop.example.com";

    private final FakeUpstream upstream = FakeUpstream.named("here");
    private final FakeControlPlane controlPlane = FakeControlPlane.start();
    private final EmbeddedProxy proxy = EmbeddedProxy.following(controlPlane.port());

    @AfterEach
    void stop() {
        proxy.close();
        controlPlane.close();
        upstream.close();
    }

    @Test
    void domain_takesThePortAsItWasSent() throws IOException {
        publish(table(route("/", "up")));

        assertThat(statusFor(SHOP)).isEqualTo("200");
        assertThat(statusFor(SHOP + ":8080")).isEqualTo("404");
    }

    @Test
    void ignorePort_domainTakesEveryPort() throws IOException {
        publish(table(route("/", "up")).setIgnorePortInHostMatching(true));

        assertThat(statusFor(SHOP)).isEqualTo("200");
        assertThat(statusFor(SHOP + ":8080")).isEqualTo("200");
        assertThat(statusFor("other.example.com:8080")).isEqualTo("404");
    }

    @Test
    void clusterNotThere_itsShareGetsTheStatusOfTheRoute() throws IOException {
        Route half = Route.newBuilder(route("/", "up"))
                .setRoute(RouteAction.newBuilder()
                        .setClusterNotFoundResponseCode(ClusterNotFoundResponseCode.INTERNAL_SERVER_ERROR)
                        .setWeightedClusters(WeightedCluster.newBuilder()
                                .addClusters(share("up"))
                                .addClusters(share("unresolved/up"))))
                .build();
        publish(table(half));

        Set<String> seen = new TreeSet<>();
        // A thousand fair choices that are all the same do not happen.
        for (int i = 0; i < 1000 && seen.size() < 2; i++) {
            seen.add(statusFor(SHOP));
        }
        assertThat(seen).containsExactly("200", "500");
    }

    private static ClusterWeight share(String cluster) {
        return ClusterWeight.newBuilder()
                .setName(cluster)
                .setWeight(UInt32Value.of(1))
                .build();
    }

    private static RouteConfiguration.Builder table(Route route) {
        return RouteConfiguration.newBuilder()
                .setName("table")
                .addVirtualHosts(VirtualHost.newBuilder()
                        .setName("shop")
                        .addDomains(SHOP)
                        .addRoutes(route));
    }

    private void publish(RouteConfiguration.Builder table) {
        controlPlane.publish(
                TypeUrl.CLUSTER, "c1", staticCluster("up", upstream.address().getPort()));
        controlPlane.publish(TypeUrl.LISTENER, "l1", httpListener("in", 0, "table"));
        controlPlane.publish(TypeUrl.ROUTE_CONFIGURATION, "r1", table.build());
        proxy.awaitReady();
    }

    private String statusFor(String host) throws IOException {
        try (RawClient client = new RawClient(proxy.listener("in"))) {
            return client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                    .readToEnd()
                    .substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
        }
    }
}
