package dev.perimeter.proxy.sidecar.story;

import static dev.perimeter.proxy.testkit.xds.Resources.listener;
import static dev.perimeter.proxy.testkit.xds.Resources.manager;
import static dev.perimeter.proxy.testkit.xds.Resources.routes;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import dev.perimeter.controlplane.contract.TypeUrl;
import dev.perimeter.proxy.sidecar.EmbeddedProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.filters.http.stateful_session.v3.StatefulSession;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState;
import io.envoyproxy.envoy.extensions.http.stateful_session.header.v3.HeaderBasedSessionState;
import io.envoyproxy.envoy.type.http.v3.Cookie;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that stay with the endpoint that answered them first. */
class SessionStoriesTest {

    private final FakeControlPlane controlPlane = FakeControlPlane.start();
    private final EmbeddedProxy proxy = EmbeddedProxy.following(controlPlane.port());
    private final List<FakeUpstream> upstreams =
            Stream.of("a", "b", "c").map(FakeUpstream::named).toList();

    @AfterEach
    void stop() {
        proxy.close();
        controlPlane.close();
        upstreams.forEach(FakeUpstream::close);
    }

    private void publish(StatefulSession.Builder session, int... ports) {
        controlPlane.publish(TypeUrl.CLUSTER, "c" + ports.length, staticCluster("c", ports));
        HttpConnectionManager.Builder manager = manager().clearRds().setRouteConfig(routes("all", "c"));
        manager.addHttpFilters(0, HttpFilter.newBuilder().setName("session").setTypedConfig(Any.pack(session.build())));
        controlPlane.publish(TypeUrl.LISTENER, "l1", listener("in", 0, manager.build()));
        proxy.awaitReady();
    }

    private int[] ports() {
        return upstreams.stream().mapToInt(up -> up.address().getPort()).toArray();
    }

    private static StatefulSession.Builder by(Message state) {
        return StatefulSession.newBuilder()
                .setSessionState(TypedExtensionConfig.newBuilder().setName("s").setTypedConfig(Any.pack(state)));
    }

    private static StatefulSession.Builder byCookie() {
        return by(CookieBasedSessionState.newBuilder()
                .setCookie(Cookie.newBuilder().setName("at").setPath("/").setTtl(Durations.fromSeconds(60)))
                .build());
    }

    private HttpResponse<String> get(String name, String value) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + proxy.listener("in").getPort() + "/"));
        return proxy.send(value.isEmpty() ? request : request.header(name, value));
    }

    private static String cookie(HttpResponse<String> response) {
        return response.headers().firstValue("set-cookie").orElseThrow().split(";")[0];
    }

    @Test
    void cookie_keepsEachClientWhereItWasFirst() {
        publish(byCookie(), ports());
        Set<String> used = new HashSet<>();
        for (int client = 0; client < 6; client++) {
            HttpResponse<String> first = get("cookie", "");
            used.add(first.body());
            assertThat(first.headers().firstValue("set-cookie").orElseThrow())
                    .matches("at=\"[A-Za-z0-9+/=]+\"; Max-Age=60; Path=/; HttpOnly");
            for (int i = 0; i < 4; i++) {
                HttpResponse<String> again = get("cookie", "other=1; " + cookie(first));
                assertThat(again.body()).isEqualTo(first.body());
                assertThat(again.headers().firstValue("set-cookie")).isEmpty();
            }
        }
        assertThat(used).as("new clients go everywhere").hasSizeGreaterThan(1);
    }

    @Test
    void header_isHandedOutAndBelieved() {
        publish(by(HeaderBasedSessionState.newBuilder().setName("x-at").build()), ports());
        HttpResponse<String> first = get("x-at", "");
        String at = first.headers().firstValue("x-at").orElseThrow();
        assertThat(new String(Base64.getDecoder().decode(at), StandardCharsets.UTF_8))
                .startsWith("127.0.0.1:");
        for (int i = 0; i < 6; i++) {
            assertThat(get("x-at", at).body()).isEqualTo(first.body());
        }
    }

    @Test
    void endpointThatIsGone_isReplaced_unlessNoOtherWillDo() {
        publish(byCookie(), ports());
        HttpResponse<String> first = get("cookie", "");
        int gone = upstreams.stream()
                .filter(up -> up.received().size() == 1)
                .findFirst()
                .orElseThrow()
                .address()
                .getPort();
        int[] left = Stream.of(upstreams.toArray(FakeUpstream[]::new))
                .mapToInt(up -> up.address().getPort())
                .filter(port -> port != gone)
                .toArray();

        publish(byCookie(), left);
        await().untilAsserted(
                        () -> assertThat(get("cookie", cookie(first)).body()).isNotEqualTo(first.body()));
        assertThat(get("cookie", cookie(first)).headers().firstValue("set-cookie"))
                .as("the new endpoint is told")
                .isPresent();

        controlPlane.publish(
                TypeUrl.LISTENER,
                "l2",
                listener(
                        "in",
                        0,
                        manager()
                                .clearRds()
                                .setRouteConfig(routes("all", "c"))
                                .addHttpFilters(
                                        0,
                                        HttpFilter.newBuilder()
                                                .setName("session")
                                                .setTypedConfig(Any.pack(byCookie()
                                                        .setStrict(true)
                                                        .build())))
                                .build()));
        await().until(() -> get("cookie", cookie(first)).statusCode() == 503);
        assertThat(get("cookie", "").statusCode()).isEqualTo(200);
    }

    @Test
    void nonsenseOfAClient_isNoSession() {
        publish(byCookie(), ports());
        for (String value :
                List.of("at=%%%", "at=", "at=\"AAAA\"", "at=" + base64("10.0.0.1:80"), "at=" + base64(":"))) {
            HttpResponse<String> response = get("cookie", value);
            assertThat(response.statusCode()).as(value).isEqualTo(200);
            assertThat(response.headers().firstValue("set-cookie")).as(value).isPresent();
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
