package dev.perimeter.proxy.filters;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import dev.perimeter.proxy.testkit.FakeUpstream;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.filters.http.stateful_session.v3.StatefulSession;
import io.envoyproxy.envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute;
import io.envoyproxy.envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState;
import io.envoyproxy.envoy.extensions.http.stateful_session.header.v3.HeaderBasedSessionState;
import io.envoyproxy.envoy.type.http.v3.Cookie;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client is told of its endpoint; where its requests go then is a story of the whole proxy. */
class StatefulSessionFilterTest {

    private final FakeUpstream upstream = FakeUpstream.named("up");

    @AfterEach
    void stop() {
        upstream.close();
    }

    private static StatefulSession by(Message state) {
        return StatefulSession.newBuilder()
                .setSessionState(TypedExtensionConfig.newBuilder().setName("s").setTypedConfig(Any.pack(state)))
                .build();
    }

    private static StatefulSession cookie(String name, String path, long ttl) {
        return by(CookieBasedSessionState.newBuilder()
                .setCookie(Cookie.newBuilder()
                        .setName(name)
                        .setPath(path)
                        .setTtl(Duration.newBuilder().setSeconds(ttl)))
                .build());
    }

    private static Optional<String> set(HttpResponse<String> response) {
        return response.headers().firstValue("set-cookie");
    }

    @Test
    void cookie_isGivenOnce_andHoldsTheEndpoint() throws Exception {
        try (FilterProxy proxy = FilterProxy.with(
                        upstream.address(), new StatefulSessionFilter(), cookie("at", "/", 60))
                .start()) {
            String given = set(proxy.get("/")).orElseThrow();
            assertThat(given).endsWith("; Max-Age=60; Path=/; HttpOnly");
            String value = given.substring("at=\"".length(), given.indexOf("\";"));
            assertThat(new String(Base64.getDecoder().decode(value), StandardCharsets.ISO_8859_1))
                    .contains("127.0.0.1:" + upstream.address().getPort());
            assertThat(set(proxy.get("/", "cookie", "a=b; at=" + value))).isEmpty();
            assertThat(set(proxy.get("/", "cookie", "at=\"" + value + "\""))).isEmpty();
        }
    }

    @Test
    void cookieThatIsOver_isGivenAnew() throws Exception {
        String host = "127.0.0.1:" + upstream.address().getPort();
        // Field 1 the address, field 2 the second at which it ends: the first of 1970.
        String over = "\n" + (char) host.length() + host + "\u0010\u0001";
        String value = Base64.getEncoder().encodeToString(over.getBytes(StandardCharsets.ISO_8859_1));
        try (FilterProxy proxy = FilterProxy.with(
                        upstream.address(), new StatefulSessionFilter(), cookie("at", "/", 60))
                .start()) {
            assertThat(set(proxy.get("/", "cookie", "at=" + value))).isPresent();
        }
    }

    @Test
    void cookieOfAPath_isForWhatIsBelowIt() throws Exception {
        try (FilterProxy proxy = FilterProxy.with(
                        upstream.address(), new StatefulSessionFilter(), cookie("at", "/carts", 0))
                .start()) {
            assertThat(set(proxy.get("/carts/7?x=1")).orElseThrow()).endsWith("\"; Path=/carts; HttpOnly");
            assertThat(set(proxy.get("/carts"))).isPresent();
            assertThat(set(proxy.get("/cartsandmore"))).isEmpty();
            assertThat(set(proxy.get("/"))).isEmpty();
        }
    }

    @Test
    void route_mayHaveNoSessions_orOthers() throws Exception {
        StatefulSession header =
                by(HeaderBasedSessionState.newBuilder().setName("x-at").build());
        StatefulSessionPerRoute off =
                StatefulSessionPerRoute.newBuilder().setDisabled(true).build();
        StatefulSessionPerRoute other =
                StatefulSessionPerRoute.newBuilder().setStatefulSession(header).build();
        StatefulSessionFilter kind = new StatefulSessionFilter();
        try (FilterProxy proxy = FilterProxy.with(upstream.address(), kind, cookie("at", "/", 0))
                .special(kind, off)
                .start()) {
            assertThat(set(proxy.get("/special"))).isEmpty();
            assertThat(set(proxy.get("/"))).isPresent();
        }
        try (FilterProxy proxy = FilterProxy.with(upstream.address(), kind, cookie("at", "/", 0))
                .special(kind, other)
                .start()) {
            String at = proxy.get("/special").headers().firstValue("x-at").orElseThrow();
            assertThat(proxy.get("/special", "x-at", at).headers().firstValue("x-at"))
                    .isEmpty();
        }
    }

    @Test
    void withoutState_nothingIsDone() throws Exception {
        try (FilterProxy proxy = FilterProxy.with(
                        upstream.address(), new StatefulSessionFilter(), StatefulSession.getDefaultInstance())
                .start()) {
            assertThat(set(proxy.get("/"))).isEmpty();
        }
    }

    @Test
    void badConfig_isRefusedWithTheSentence() {
        String config = "session_state.typed_config.";
        StatefulSessionFilter kind = new StatefulSessionFilter();
        assertThat(FilterProxy.refusal(kind, cookie("a b", "/", 0)))
                .isEqualTo(config + "cookie.name: `a b` is not a name");
        assertThat(FilterProxy.refusal(kind, cookie("", "/", 0))).isEqualTo(config + "cookie.name: `` is not a name");
        assertThat(FilterProxy.refusal(kind, cookie("a", "carts", 0)))
                .isEqualTo(config + "cookie.path: `carts` must begin with a slash");
        assertThat(FilterProxy.refusal(kind, cookie("a", "/", -1)))
                .isEqualTo(config + "cookie.ttl: -1 s must not be negative");
        for (Message state : List.of(Cookie.getDefaultInstance(), StatefulSession.getDefaultInstance())) {
            assertThat(FilterProxy.refusal(kind, by(state))).contains("is not known here; known are");
        }
    }
}
