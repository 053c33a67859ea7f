package dev.perimeter.proxy.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.testkit.FakeUpstream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three zones with two endpoints each, and a proxy in one of them. */
class LocalityStoriesTest {

    private static final String[] ZONES = {"a", "b", "c"};
    private static final int REQUESTS = 300;

    private final Map<String, FakeUpstream> upstreams = IntStream.range(0, 6)
            .boxed()
            .collect(Collectors.toMap(i -> ZONES[i % 3] + i, i -> FakeUpstream.named(ZONES[i % 3])));

    @AfterEach
    void stop() {
        upstreams.values().forEach(FakeUpstream::close);
    }

    /** @param instances how many instances of what the proxy serves are in each of the zones; empty if it is not told */
    private String bootstrap(String zone, int... instances) {
        StringBuilder text = new StringBuilder("""
            node: {id: front-1, cluster: front, locality: {region: r, zone: %s}}
            admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
            """.formatted(zone));
        if (instances.length > 0) {
            text.append("cluster_manager: {local_cluster_name: front}\n");
        }
        text.append("""
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
                              name: all
                              virtual_hosts:
                                - name: all
                                  domains: ["*"]
                                  routes: [{match: {prefix: /}, route: {cluster: back}}]
                            http_filters:
                              - name: router
                                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
              clusters:
                - name: back
                  type: STATIC
                  common_lb_config: {zone_aware_lb_config: {min_cluster_size: 6}}
                  load_assignment:
                    cluster_name: back
                    endpoints:
            """);
        upstreams.forEach(
                (name, up) -> endpoint(text, name.substring(0, 1), up.address().getPort()));
        text.append("""
                - name: front
                  type: STATIC
                  load_assignment:
                    cluster_name: front
                    endpoints:
            """);
        int port = 1;
        for (int i = 0; i < 3; i++) {
            for (int n = 0; n < (instances.length == 0 ? 1 : instances[i]); n++) {
                endpoint(text, ZONES[i], port++);
            }
        }
        return text.toString();
    }

    private static void endpoint(StringBuilder text, String zone, int port) {
        text.append("            - locality: {region: r, zone: ").append(zone).append("}\n");
        text.append("              lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1,"
                        + " port_value: ")
                .append(port)
                .append("}}}}]\n");
    }

    /** How many requests each zone gets. */
    private static Map<String, Integer> zones(String bootstrap) {
        Map<String, Integer> zones = new HashMap<>();
        try (EmbeddedProxy proxy = EmbeddedProxy.from(bootstrap)) {
            proxy.awaitReady();
            URI in = URI.create("http://127.0.0.1:" + proxy.listener("in").getPort() + "/");
            for (int i = 0; i < REQUESTS; i++) {
                zones.merge(proxy.send(HttpRequest.newBuilder(in)).body(), 1, Integer::sum);
            }
        }
        return zones;
    }

    @Test
    void proxyThatKnowsItsZoneAndItsLike_staysInIt() {
        assertThat(zones(bootstrap("b", 1, 1, 1))).containsOnlyKeys("b");
    }

    @Test
    void zoneWithMoreSendersThanItsShare_givesTheRestAway() {
        // Half of the senders and a third of the endpoints are here: two thirds of what is sent may stay.
        Map<String, Integer> zones = zones(bootstrap("a", 2, 1, 1));
        assertThat(zones.get("a")).isBetween(160, 240);
        assertThat(zones.get("b")).isBetween(15, 90);
        assertThat(zones.get("c")).isBetween(15, 90);
    }

    @Test
    void proxyThatDoesNotKnowItsLike_goesEverywhere() {
        Map<String, Integer> zones = zones(bootstrap("a"));
        assertThat(zones.keySet()).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(zones.values()).allSatisfy(count -> assertThat(count).isBetween(90, 110));
    }
}
