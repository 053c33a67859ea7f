package dev.perimeter.proxy.sidecar;

import static dev.perimeter.proxy.testkit.xds.Resources.httpListener;
import static dev.perimeter.proxy.testkit.xds.Resources.route;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.perimeter.controlplane.contract.TypeUrl;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the admin pages take, and what they say about what they do not take. */
class AdminPagesStoriesTest {

    private final FakeUpstream upstream = FakeUpstream.named("here");
    private final FakeControlPlane controlPlane = FakeControlPlane.start();
    private final EmbeddedProxy proxy = EmbeddedProxy.following(controlPlane.port());

    @BeforeEach
    void serve() {
        controlPlane.publish(
                TypeUrl.CLUSTER, "c1", staticCluster("pay", upstream.address().getPort()));
        controlPlane.publish(
                TypeUrl.LISTENER,
                "l1",
                httpListener(
                        "in",
                        0,
                        RouteConfiguration.newBuilder()
                                .setName("shop")
                                .addVirtualHosts(VirtualHost.newBuilder()
                                        .setName("api")
                                        .addDomains("*.example")
                                        .addDomains("127.0.0.1:*")
                                        .addRoutes(route("/orders", "pay").toBuilder()
                                                .setName("orders"))
                                        .addRoutes(route("/carts", "pay").toBuilder()
                                                .setName("carts")))
                                .build()));
        proxy.awaitReady();
    }

    @AfterEach
    void stop() {
        proxy.close();
        controlPlane.close();
        upstream.close();
    }

    @Test
    void explain_namesHostRoutesTriedAndTheCluster() {
        String text = proxy.admin("/explain?host=shop.example&path=/carts/1?x=y&listener=in")
                .body();
        assertThat(text)
                .contains("virtual_host: api\n")
                .contains("because: its domain '*.example' is the longest suffix of 'shop.example'\n")
                .contains("- routes[0] 'orders': path '/carts/1' does not begin with '/orders'\n")
                .contains("route: routes[1] 'carts'\n")
                .contains("- pay (1 of 1)\n")
                .contains("- envoy.filters.http.router\n");
        assertThat(proxy.admin("/explain?host=shop.example&path=/x&format=json").body())
                .contains("\"result\": \"no route: 404\"");
        assertThat(proxy.admin("/explain?host=other&path=/x").body())
                .contains("no virtual host has a domain for 'other'");
    }

    @ParameterizedTest
    @CsvSource({
        "/explain?path=/x, '`host` must be given, with the port that a client would send\n'",
        "/explain?host=a&path=x, '`path` must begin with a slash and be percent-encoded where HTTP asks for it\n'",
        "/explain?host=a&header=x, '`header` must be name:value\n'",
        "/explain?host=a&listener=none, '`listener` must be one of [in]\n'",
        "/stats?format=xml, '`format` must be text, json or prometheus\n'",
        "/stats?filter=(, '`filter` is no regular expression\n'",
        "/ready?verbose, '`verbose` is no query parameter of /ready, which takes none\n'",
        "/listeners?x=1, '`x` is no query parameter of /listeners, which takes format\n'",
        "/config_dump?resource=none, '`resource` is no list of a section here, e.g. dynamic_listeners\n'"
    })
    void wrongParameter_is400WithASentence(String path, String sentence) {
        HttpResponse<String> reply = proxy.admin(path.replace("(", "%28"));
        assertThat(reply.statusCode()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo(sentence);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/drain_listeners", "/quitquitquit", "/healthcheck/fail", "/healthcheck/ok", "/logging", "/drain"
            })
    void whatChangesSomething_isAPost(String path) {
        HttpResponse<String> reply = proxy.admin(path);
        assertThat(reply.statusCode()).isEqualTo(405);
        assertThat(reply.headers().firstValue("Allow")).contains("POST");
        assertThat(reply.body()).isEqualTo(path + " wants POST, not GET\n");
    }

    @Test
    void stats_haveEnvoysNames() {
        get("/orders");
        assertThat(proxy.admin("/stats").body())
                .contains("cluster.pay.upstream_rq_total: 1\n", "server.live: 1\n")
                .contains("http.test.downstream_rq_2xx: 1\n");
        assertThat(proxy.admin("/stats?filter=^cluster\\.pay\\.upstream_rq_total$&format=json"
                                .replace("\\", "%5C")
                                .replace("^", "%5E"))
                        .body())
                .contains("\"name\": \"cluster.pay.upstream_rq_total\"", "\"value\": 1");
        assertThat(proxy.admin("/stats?usedonly").body()).doesNotContain(": 0\n");
        assertThat(proxy.admin("/stats?format=prometheus&filter=upstream_rq_total")
                        .body())
                .contains("envoy_cluster_upstream_rq_total{envoy_cluster_name=\"pay\"} 1\n")
                .doesNotContain("downstream");
    }

    @Test
    void configDump_givesOneResourceByNameAndMask() {
        assertThat(proxy.admin("/config_dump?resource=dynamic_active_clusters&name_regex=p.y")
                        .body())
                .contains("\"name\": \"pay\"")
                .doesNotContain("dynamic_listeners");
        assertThat(proxy.admin("/config_dump?resource=dynamic_active_clusters&name_regex=none")
                        .body())
                .doesNotContain("\"name\"");
        assertThat(proxy.admin("/config_dump?resource=dynamic_listeners&mask=active_state.listener.address")
                        .body())
                .contains("socket_address")
                .doesNotContain("filter_chains", "version_info");
    }

    @Test
    void healthcheck_fail_isNotReady_andEndsConnections_untilOk() {
        assertThat(post("/healthcheck/fail").body()).isEqualTo("OK\n");
        assertThat(proxy.admin("/ready").statusCode()).isEqualTo(503);
        assertThat(proxy.admin("/server_info").body()).contains("\"state\": \"DRAINING\"");
        assertThat(get("/orders").headers().firstValue("Connection")).contains("close");
        post("/healthcheck/ok");
        assertThat(proxy.admin("/ready").statusCode()).isEqualTo(200);
        assertThat(get("/orders").headers().firstValue("Connection")).isEmpty();
    }

    @Test
    void logging_showsAndChangesLevels() {
        assertThat(post("/logging").body()).contains("  exchange: ");
        assertThat(post("/logging?exchange=loud").statusCode()).isEqualTo(400);
        assertThat(post("/logging?kitchen=debug").statusCode()).isEqualTo(400);
    }

    @Test
    void memory_saysWhatIsHeld() {
        assertThat(proxy.admin("/memory").body()).contains("\"allocated\": \"", "\"heap_size\": \"");
    }

    @Test
    void quit_endsTheProxy() {
        assertThat(post("/quitquitquit").body()).isEqualTo("OK\n");
        await().untilAsserted(
                        () -> assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> proxy.admin("/ready")))
                                .isNotNull());
    }

    private HttpResponse<String> get(String path) {
        return proxy.get("in", path);
    }

    private HttpResponse<String> post(String path) {
        return proxy.send(HttpRequest.newBuilder(proxy.adminUri(path)).POST(BodyPublishers.noBody()));
    }
}
