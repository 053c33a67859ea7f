package dev.perimeter.proxy.story.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perimeter.proxy.route.RequestRewrite;
import dev.perimeter.proxy.route.Resilience;
import dev.perimeter.proxy.route.RouteAction;
import dev.perimeter.proxy.route.RouteAction.WeightedCluster;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import dev.perimeter.proxy.route.Timeouts;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpTimeouts;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A client goes on in another protocol, and so does its upstream: what they say passes as it is. */
class UpgradeTest {

    private static final String OFFER = "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\n"
            + "Upgrade: Echo\r\nX-Mine: 1\r\n\r\n";
    private static final String GRANTED =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\nX-Theirs: 2\r\n\r\n";
    private static final String PLAIN = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    private static Config to(RawUpstream upstream) {
        return new Config().cluster("a", upstream.address());
    }

    private static RunningProxy proxyTo(RawUpstream upstream) {
        return new RunningProxy(to(upstream).upgrades("echo").route("/", "a").http());
    }

    private static RouteAction.Forward forward(boolean allowed) {
        return new RouteAction.Forward(
                List.of(new WeightedCluster("a", 1)),
                new Timeouts(Duration.ZERO, Duration.ZERO),
                RequestRewrite.NONE,
                Resilience.NONE,
                List.of(),
                false,
                503,
                RouteAction.Selection.BY_WEIGHT,
                Map.of("echo", allowed));
    }

    private String nextSeen() throws InterruptedException {
        return seen.poll(10, TimeUnit.SECONDS);
    }

    private static RawClient upgraded(RunningProxy proxy) throws IOException {
        RawClient client = new RawClient(proxy.address()).send(OFFER);
        assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 101");
        return client;
    }

    /** Reads to the end of what the client says. */
    private static String rest(RawUpstream.Connection connection) throws IOException {
        return new String(connection.socket().getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Test
    void upgrade_whenGranted_passesHeadsAndBytesThatCameWithThem() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    seen.add(connection.readHead());
                    connection.send(GRANTED + "first");
                    seen.add(connection.readTo("early"));
                    connection.send("second");
                });
                RunningProxy proxy = proxyTo(upstream)) {
            try (RawClient client = new RawClient(proxy.address())) {
                client.send(OFFER + "early");

                assertThat(client.readTo("\r\n\r\n"))
                        .contains("\r\nConnection: Upgrade\r\nUpgrade: echo\r\n", "\r\nX-Theirs: 2\r\n")
                        .doesNotContain("chunked");
                assertThat(client.readToEnd()).isEqualTo("firstsecond");
            }

            assertThat(nextSeen())
                    .contains("\r\nConnection: Upgrade\r\nUpgrade: echo\r\n", "\r\nX-Mine: 1\r\n")
                    .doesNotContain("chunked");
            assertThat(nextSeen()).isEqualTo("early");
            assertThat(proxy.logLines(1).getFirst()).contains("\"sent\":11", "\"received\":5", "\"status\":101");
        }
    }

    @Test
    void upgrade_whenRefused_isAnOrdinaryExchangeOnBothConnections() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
                    connection.readHead();
                    connection.send(PLAIN);
                });
                RunningProxy proxy = proxyTo(upstream);
                RawClient client = new RawClient(proxy.address())) {
            assertThat(client.send(OFFER).readTo("no")).startsWith("HTTP/1.1 403");
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readTo("ok"))
                    .startsWith("HTTP/1.1 200");
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void offer_thatNobodyAllows_isRefusedAndEndsTheConnection() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    seen.add(connection.readHead());
                    connection.send(PLAIN);
                });
                RunningProxy proxy = new RunningProxy(
                        to(upstream).upgrades("websocket").route("/", "a").http())) {
            for (String offer : List.of(
                    OFFER,
                    OFFER + "GET /behind HTTP/1.1\r\nHost: a\r\n\r\n",
                    "POST / HTTP/1.1\r\n"
                            + "Host: a\r\n"
                            + "Connection: upgrade\r\n"
                            + "Upgrade: e\"cho\r\n"
                            + "Content-Length: 1\r\n\r\n"
                            + "X")) {
                try (RawClient client = new RawClient(proxy.address())) {
                    assertThat(client.send(offer).readToEnd())
                            .startsWith("HTTP/1.1 403")
                            .containsOnlyOnce("HTTP/1.1")
                            .containsIgnoringCase("connection: close")
                            .endsWith("the upgrade is not allowed");
                }
            }
            assertThat(seen).isEmpty();
            assertThat(proxy.logLines(3)).allSatisfy(line -> assertThat(line).contains("upgrade_failed"));
        }
    }

    @Test
    void offer_whereNoRouteIs_findsNone() throws Exception {
        try (RunningProxy proxy = new RunningProxy(new Config().http());
                RawClient client = new RawClient(proxy.address())) {
            assertThat(client.send(OFFER).readToEnd()).startsWith("HTTP/1.1 404");
        }
    }

    @Test
    void offer_thatTheListenerIgnores_isDropped() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    while (true) {
                        seen.add(connection.readHead());
                        connection.send(PLAIN);
                    }
                });
                RunningProxy proxy = new RunningProxy(to(upstream)
                        .ignoredUpgrades(new ValueMatch.Test.Prefix("Echo"))
                        .route("/", "a")
                        .http());
                RawClient client = new RawClient(proxy.address())) {
            assertThat(client.send(OFFER).readTo("ok")).startsWith("HTTP/1.1 200");
            assertThat(nextSeen()).doesNotContainIgnoringCase("upgrade").contains("X-Mine");
            assertThat(client.send(OFFER).readTo("ok")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void offer_thatIsNotListedOrComesWithContentOrIsH2c_isDropped() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    while (true) {
                        seen.add(connection.readHead());
                        connection.send(PLAIN);
                    }
                });
                RunningProxy proxy = new RunningProxy(
                        to(upstream).upgrades("echo", "h2c").route("/", "a").http());
                RawClient client = new RawClient(proxy.address())) {
            for (String fields : List.of(
                    "Upgrade: echo\r\n\r\n",
                    "Connection: upgrade\r\nUpgrade: h2c\r\n\r\n",
                    "Connection: upgrade\r\n\r\n",
                    "Connection: upgrade\r\nUpgrade: echo\r\nContent-Length: 1\r\n\r\nX")) {
                assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n" + fields).readTo("ok"))
                        .startsWith("HTTP/1.1 200");
                assertThat(nextSeen()).as(fields).doesNotContainIgnoringCase("upgrade");
            }
        }
    }

    @Test
    void route_overrulesItsListener_bothWays() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    String head = connection.readHead();
                    connection.send(head.contains("Upgrade") ? GRANTED + "in" : PLAIN);
                });
                RunningProxy proxy = new RunningProxy(to(upstream)
                        .upgrades("echo")
                        .action("/chat", forward(false))
                        .http()
                        .upgrades()
                        .action("/none", forward(false))
                        .http("never", Config.LOOPBACK));
                RunningProxy other = new RunningProxy(
                        to(upstream).action("/chat", forward(true)).http());
                RawClient refused = new RawClient(proxy.address());
                RawClient allowed = new RawClient(other.address())) {
            assertThat(refused.send(OFFER).readToEnd()).startsWith("HTTP/1.1 403");
            assertThat(allowed.send(OFFER).readTo("in")).startsWith("HTTP/1.1 101");
        }
    }

    @Test
    void largeEcho_pastASlowReader_arrivesWhole() throws Exception {
        byte[] sent = new byte[48 << 20];
        new Random(7).nextBytes(sent);
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send(GRANTED);
                    connection
                            .socket()
                            .getInputStream()
                            .transferTo(connection.socket().getOutputStream());
                });
                RunningProxy proxy = proxyTo(upstream)) {
            try (RawClient client = upgraded(proxy)) {
                CountDownLatch allSent = new CountDownLatch(1);
                Thread sender = Thread.ofVirtual().start(() -> {
                    try {
                        client.send(sent);
                        client.shutdownOutput();
                        allSent.countDown();
                    } catch (IOException e) {
                        seen.add(e.toString());
                    }
                });
                // Nobody reads what comes back, so the whole way fills up and the sender has to wait.
                assertThat(allSent.await(300, TimeUnit.MILLISECONDS)).isFalse();
                byte[] echoed = client.socket().getInputStream().readAllBytes();
                sender.join();

                assertThat(seen).isEmpty();
                assertThat(echoed).isEqualTo(sent);
            }
            assertThat(proxy.logLines(1).getFirst())
                    .contains("\"sent\":" + sent.length, "\"received\":" + sent.length, "\"flags\":null");
        }
    }

    @Test
    void upstreamThatEndsBehindALot_losesNothing() throws Exception {
        byte[] sent = new byte[16 << 20];
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send(GRANTED);
                    connection.socket().getOutputStream().write(sent);
                });
                RunningProxy proxy = proxyTo(upstream)) {
            try (RawClient client = upgraded(proxy)) {
                assertThat(client.socket().getInputStream().readAllBytes()).hasSize(sent.length);
            }
            assertThat(proxy.logLines(1).getFirst()).contains("\"sent\":" + sent.length);
        }
    }

    @Test
    void clientThatEndsFirst_stillHearsTheUpstream() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send(GRANTED);
                    connection.send("you said " + rest(connection));
                });
                RunningProxy proxy = proxyTo(upstream)) {
            try (RawClient client = upgraded(proxy)) {
                client.send("bye").shutdownOutput();

                assertThat(client.readToEnd()).isEqualTo("you said bye");
            }
            assertThat(proxy.logLines(1))
                    .singleElement()
                    .asString()
                    .contains("\"sent\":12", "\"received\":3", "\"flags\":null");
        }
    }

    @Test
    void upstreamThatEndsFirst_stillHearsTheClient() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send(GRANTED + "bye");
                    connection.socket().shutdownOutput();
                    seen.add(rest(connection));
                });
                RunningProxy proxy = proxyTo(upstream)) {
            try (RawClient client = upgraded(proxy)) {
                assertThat(client.readToEnd()).isEqualTo("bye");
                client.send("one more thing").shutdownOutput();

                assertThat(nextSeen()).isEqualTo("one more thing");
            }
            assertThat(proxy.logLines(1))
                    .singleElement()
                    .asString()
                    .contains("\"sent\":3", "\"received\":14", "\"flags\":null");
        }
    }

    @Test
    void clientThatResets_endsTheUpstreamAtOnce() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send(GRANTED);
                    connection.readTo("word");
                    connection.send("heard");
                    try {
                        seen.add("end" + rest(connection));
                    } catch (IOException e) {
                        seen.add("reset");
                    }
                });
                RunningProxy proxy = proxyTo(upstream)) {
            try (RawClient client = upgraded(proxy)) {
                client.send("word").readTo("heard");
                client.socket().setSoLinger(true, 0);
            }

            assertThat(nextSeen()).isEqualTo("reset");
            assertThat(proxy.logLines(1).getFirst()).contains("\"flags\":\"DC\"", "\"status\":101");
        }
    }

    @Test
    void upstreamThatResets_isAResetForTheClient() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send(GRANTED);
                    connection.readTo("word");
                    connection.reset();
                });
                RunningProxy proxy = proxyTo(upstream);
                RawClient client = upgraded(proxy)) {
            client.send("word");

            assertThatThrownBy(client::readToEnd).isInstanceOf(IOException.class);
            assertThat(proxy.logLines(1).getFirst()).contains("\"flags\":\"UC\"");
        }
    }

    @Test
    void silence_afterTheUpgrade_endsByTheIdleTimeout() throws Exception {
        HttpTimeouts quick = new HttpTimeouts(
                Duration.ofSeconds(10),
                Duration.ofMillis(1),
                Duration.ofMillis(300),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5));
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send(GRANTED);
                    connection.send("heard " + connection.readTo("word"));
                    seen.add(rest(connection));
                });
                RunningProxy proxy = new RunningProxy(to(upstream)
                        .timeouts(quick)
                        .upgrades("echo")
                        .route("/", "a", Duration.ofMillis(1))
                        .http());
                RawClient client = upgraded(proxy)) {
            assertThat(client.send("word").readTo("word")).isEqualTo("heard word");

            assertThatThrownBy(client::readToEnd).isInstanceOf(IOException.class);
            assertThat(proxy.logLines(1).getFirst()).contains("\"flags\":\"SI\"");
        }
    }

    @Test
    void drainedListener_letsItLiveForTheGrace() throws Exception {
        HttpTimeouts shortGrace = new HttpTimeouts(
                Duration.ofSeconds(10),
                Duration.ZERO,
                Duration.ofMinutes(1),
                Duration.ofSeconds(10),
                Duration.ofMillis(300));
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send(GRANTED);
                    connection
                            .socket()
                            .getInputStream()
                            .transferTo(connection.socket().getOutputStream());
                });
                RunningProxy proxy = new RunningProxy(to(upstream)
                        .timeouts(shortGrace)
                        .upgrades("echo")
                        .route("/", "a")
                        .http());
                RawClient client = upgraded(proxy)) {
            proxy.apply(to(upstream).snapshot());
            assertThat(client.send("still here").readTo("here")).isEqualTo("still here");

            try {
                assertThat(client.readToEnd()).isEmpty();
            } catch (IOException reset) {
                assertThat(reset).isNotNull();
            }
            assertThat(proxy.logLines(1)).hasSize(1);
        }
    }
}
