package dev.perimeter.proxy.sidecar;

import static dev.perimeter.proxy.testkit.xds.Resources.listener;
import static dev.perimeter.proxy.testkit.xds.Resources.manager;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.perimeter.controlplane.contract.TypeUrl;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The example of the page on retries, read from the page and seen on the wire. */
class ResilienceStoriesTest {

    private static final String PAGE = "proxy/engine/src/main/java/dev/perimeter/proxy/retry/README.adoc";

    private final AtomicInteger asked = new AtomicInteger();
    private final FakeUpstream payment = FakeUpstream.answering(request -> asked.incrementAndGet() % 2 == 1
            ? FakeUpstream.Answer.text(503, "not now")
            : FakeUpstream.Answer.text(200, "done"));
    private final FakeUpstream next = FakeUpstream.named("next");
    private final FakeControlPlane controlPlane = FakeControlPlane.start();
    private final EmbeddedProxy proxy = EmbeddedProxy.following(controlPlane.port());

    @BeforeEach
    void follow() throws Exception {
        RouteConfiguration.Builder table = RouteConfiguration.newBuilder().setName("page");
        Object example = new Load(LoadSettings.builder().build()).loadFromString(example());
        JsonFormat.parser().merge(new com.google.gson.Gson().toJson(example), table);
        controlPlane.publish(
                TypeUrl.CLUSTER,
                "c1",
                staticCluster("payment", payment.address().getPort()),
                staticCluster("payment-next", next.address().getPort()));
        controlPlane.publish(
                TypeUrl.LISTENER,
                "l1",
                listener("in", 0, manager().clearRds().setRouteConfig(table).build()));
    }

    @AfterEach
    void stop() {
        proxy.close();
        controlPlane.close();
        payment.close();
        next.close();
    }

    private static String example() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve(PAGE))) {
            root = root.getParent();
        }
        String page = Files.readString(root.resolve(PAGE));
        int start = page.indexOf("----\n") + 5;
        return page.substring(start, page.indexOf("----\n", start));
    }

    private String post(String path, String... fields) throws IOException {
        try (RawClient client = new RawClient(proxy.listener("in"))) {
            StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: pay\r\n");
            for (String field : fields) {
                head.append(field).append("\r\n");
            }
            return client.send(head + "Connection: close\r\nContent-Length: 3\r\n\r\npay")
                    .readToEnd();
        }
    }

    @Test
    void charge_thatMayComeTwice_isSentAgain() throws Exception {
        assertThat(post("/charges", "Idempotency-Key: 1")).startsWith("HTTP/1.1 200");
        assertThat(payment.received())
                .extracting(request -> request.header("X-envoy-attempt-count"))
                .containsExactly("1", "2");
    }

    @Test
    void anyOtherPost_isNot() throws Exception {
        assertThat(post("/charges")).startsWith("HTTP/1.1 503");
        assertThat(payment.received()).hasSize(1);
    }

    @Test
    void otherPaths_areCopied() throws Exception {
        assertThat(post("/refunds")).startsWith("HTTP/1.1 503");
        Awaitility.await().until(() -> next.received().size() == 1);
        assertThat(next.received().getFirst().header("Host")).isEqualTo("pay-shadow");
    }
}
