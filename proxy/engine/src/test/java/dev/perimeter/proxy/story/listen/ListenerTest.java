package dev.perimeter.proxy.story.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.cluster.InternalAddress;
import dev.perimeter.proxy.route.RouteAction.WeightedCluster;
import dev.perimeter.proxy.snapshot.FilterChainConfig;
import dev.perimeter.proxy.snapshot.FilterChainMatch;
import dev.perimeter.proxy.snapshot.ListenerConfig.Sockets;
import dev.perimeter.proxy.snapshot.ListenerFilters;
import dev.perimeter.proxy.snapshot.ListenerFilters.ProxyProtocol;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a connection finds its filter chain, and what becomes of it when chains change. */
public class ListenerTest {

    private static final FilterChainMatch HTTP = FilterChainMatch.ANY.withProtocols("", "http/1.0", "http/1.1", "h2c");
    private static final ListenerFilters PATIENT = ListenerFilters.detecting(Duration.ofSeconds(30));
    private static final ListenerFilters IMPATIENT = ListenerFilters.detecting(Duration.ofMillis(50));
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    /** HTTP goes to one cluster, everything else as TCP to another. */
    private static Config detecting(ListenerFilters filters, InetSocketAddress web, InetSocketAddress other) {
        Config config = new Config().cluster("web", web).cluster("other", other).route("/", "web");
        return config.listener(
                "in",
                filters,
                Sockets.at(Config.LOOPBACK),
                List.of(
                        config.chain("web", HTTP, config.httpManager("web")),
                        config.chain(
                                "other",
                                FilterChainMatch.ANY,
                                config.tcpProxy("other", new WeightedCluster("other", 1)))));
    }

    private static RawUpstream echo() throws Exception {
        return RawUpstream.running(connection -> {
            String line = connection.readTo("\n");
            connection.send("echo " + line);
        });
    }

    @Test
    void detection_givesHttpAndOtherBytesToTheirChains() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web");
                RawUpstream other = echo();
                RunningProxy proxy = new RunningProxy(detecting(PATIENT, web.address(), other.address()))) {
            try (RawClient client = new RawClient(proxy.address("in"))) {
                client.send("GE");
                client.send(REQUEST.substring(2));
                assertThat(client.readToEnd()).startsWith("HTTP/1.1 200").endsWith("web");
            }
            try (RawClient client = new RawClient(proxy.address("in"))) {
                assertThat(client.send("\u0001hello\n").readTo("\n")).isEqualTo("echo \u0001hello\n");
            }
        }
    }

    @Test
    void serverFirst_withoutADeclaredPort_getsItsGreetingAfterTheWait() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web");
                RawUpstream other = RawUpstream.running(connection -> connection.send("220 ready\r\n"));
                RunningProxy proxy = new RunningProxy(detecting(IMPATIENT, web.address(), other.address()));
                RawClient client = new RawClient(proxy.address("in"))) {
            assertThat(client.readToEnd()).isEqualTo("220 ready\r\n");
            assertThat(proxy.dataPlane().metrics().prometheus())
                    .contains("envoy_listener_downstream_pre_cx_timeout{envoy_listener=\"in\"} 1");
        }
    }

    @Test
    void serverFirst_onAPortOfItsOwn_neverWaits() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web");
                RawUpstream other = RawUpstream.running(connection -> connection.send("220 ready\r\n"))) {
            Config config = new Config()
                    .cluster("web", web.address())
                    .cluster("other", other.address())
                    .route("/", "web");
            int port = Config.freePort();
            config.listener(
                    "in",
                    PATIENT,
                    Sockets.at(new InetSocketAddress("127.0.0.1", port)),
                    List.of(
                            config.chain("web", HTTP, config.httpManager("web")),
                            config.chain(
                                    "other",
                                    FilterChainMatch.ANY.withDestinationPort(port),
                                    config.tcpProxy("other", new WeightedCluster("other", 1)))));
            try (RunningProxy proxy = new RunningProxy(config);
                    RawClient client = new RawClient(proxy.address("in"))) {
                assertThat(client.readToEnd()).isEqualTo("220 ready\r\n");
            }
        }
    }

    @Test
    void halfClosedBeforeItIsKnown_isCarriedOn() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web");
                RawUpstream other = RawUpstream.running(connection -> {
                    String all = new String(connection.socket().getInputStream().readAllBytes());
                    connection.send("all of " + all);
                });
                RunningProxy proxy = new RunningProxy(detecting(PATIENT, web.address(), other.address()));
                RawClient client = new RawClient(proxy.address("in"))) {
            client.send("GE");
            client.shutdownOutput();

            assertThat(client.readToEnd()).isEqualTo("all of GE");
        }
    }

    @Test
    void noChainThatFits_closesAndCounts() throws Exception {
        Config config = new Config().route("/", "web");
        config.listener(
                "in",
                PATIENT,
                Sockets.at(Config.LOOPBACK),
                List.of(config.chain("web", HTTP, config.httpManager("web"))));
        try (RunningProxy proxy = new RunningProxy(config);
                RawClient client = new RawClient(proxy.address("in"))) {
            assertThat(client.send("\u0001\n").readToEnd()).isEmpty();
            assertThat(proxy.dataPlane().metrics().prometheus())
                    .contains("envoy_listener_no_filter_chain_match{envoy_listener=\"in\"} 1");
        }
    }

    @Test
    void proxyProtocol_namesTheClientInLogAndHeaders() throws Exception {
        try (FakeUpstream web =
                FakeUpstream.answering(request -> FakeUpstream.Answer.text(200, request.header("X-forwarded-for")))) {
            Config config =
                    new Config().edge(Config.EDGE).cluster("web", web.address()).route("/", "web");
            config.listener(
                    "in",
                    new ListenerFilters(false, ProxyProtocol.REQUIRED, false, false, Duration.ofSeconds(10), false),
                    Sockets.at(Config.LOOPBACK),
                    List.of(config.chain("", FilterChainMatch.ANY, config.httpManager("web"))));
            try (RunningProxy proxy = new RunningProxy(config);
                    RawClient client = new RawClient(proxy.address("in"))) {
                client.send("PROXY TCP4 192.0.2.7 192.0.2.8 5000 80\r\n" + REQUEST);

                assertThat(client.readToEnd()).endsWith("192.0.2.7");
                assertThat(proxy.logLines(1).getFirst()).contains("\"remote\":\"192.0.2.7:5000\"");
            }
        }
    }

    @Test
    void additionalAddress_comesAndGoes() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web")) {
            InetSocketAddress second = new InetSocketAddress("127.0.0.1", Config.freePort());
            Config one = new Config().cluster("web", web.address()).route("/", "web");
            FilterChainConfig chain = one.chain("", FilterChainMatch.ANY, one.httpManager("web"));
            one.listener("in", ListenerFilters.NONE, Sockets.at(Config.LOOPBACK), List.of(chain));
            try (RunningProxy proxy = new RunningProxy(one)) {
                InetSocketAddress first = proxy.address("in");
                proxy.apply(one.listener(
                                "in",
                                ListenerFilters.NONE,
                                new Sockets(List.of(Config.LOOPBACK, second), false, 16),
                                List.of(chain))
                        .snapshot());
                for (InetSocketAddress address : List.of(first, second)) {
                    try (RawClient client = new RawClient(address)) {
                        assertThat(client.send(REQUEST).readToEnd()).endsWith("web");
                    }
                }
                proxy.apply(one.listener("in", ListenerFilters.NONE, Sockets.at(Config.LOOPBACK), List.of(chain))
                        .snapshot());
                org.awaitility.Awaitility.await().until(() -> refused(second));
            }
        }
    }

    private static boolean refused(InetSocketAddress address) {
        try {
            new RawClient(address).close();
            return false;
        } catch (java.io.IOException e) {
            return true;
        }
    }

    @Test
    void chainThatChanges_drainsItsOwnConnectionsOnly() throws Exception {
        try (RawUpstream one = endless();
                RawUpstream two = endless()) {
            Config config = new Config().cluster("one", one.address()).cluster("two", two.address());
            FilterChainMatch byte1 = FilterChainMatch.ANY.withProtocols("", "http/1.1");
            FilterChainConfig first =
                    config.chain("first", byte1, config.tcpProxy("first", new WeightedCluster("one", 1)));
            FilterChainConfig second = config.chain(
                    "second", FilterChainMatch.ANY, config.tcpProxy("second", new WeightedCluster("two", 1)));
            config.listener("in", PATIENT, Sockets.at(Config.LOOPBACK), List.of(first, second));
            try (RunningProxy proxy = new RunningProxy(config);
                    RawClient kept = new RawClient(proxy.address("in"));
                    RawClient drained = new RawClient(proxy.address("in"))) {
                kept.send("GET / HTTP/1.1\r\n").readTo("begun");
                drained.send("\u0001").readTo("begun");
                FilterChainConfig other = config.chain(
                        "second", FilterChainMatch.ANY, config.tcpProxy("other", new WeightedCluster("one", 1)));
                proxy.apply(config.listener("in", PATIENT, Sockets.at(Config.LOOPBACK), List.of(first, other))
                        .snapshot());

                assertThat(drained.readToEnd()).isEmpty();
                assertThat(kept.send("more\n").readTo("more\n")).isEqualTo("more\n");
            }
        }
    }

    private static RawUpstream endless() throws Exception {
        return RawUpstream.running(connection -> {
            connection.socket().getInputStream().read();
            connection.send("begun");
            connection.readTo("more\n");
            connection.send("more\n");
            connection.socket().getInputStream().readAllBytes();
        });
    }

    @Test
    void connect_toAnInternalListener_isSeenAsWhatItCarries() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web");
                RawUpstream other = echo()) {
            Config config =
                    detecting(PATIENT, web.address(), other.address()).listener("in", PATIENT, Sockets.inside());
            config.cluster("inner", InternalAddress.of("in"))
                    .connectAllowed()
                    .onlyTunnel("inner")
                    .http();
            try (RunningProxy proxy = new RunningProxy(config)) {
                String connect = "CONNECT payment:8080 HTTP/1.1\r\nHost: payment:8080\r\n\r\n";
                try (RawClient client = new RawClient(proxy.address())) {
                    assertThat(client.send(connect).readTo("\r\n\r\n")).startsWith("HTTP/1.1 200");
                    assertThat(client.send("GET /inner HTTP/1.1\r\nHost: a\r\n\r\n")
                                    .readTo("web"))
                            .startsWith("HTTP/1.1 200");
                    assertThat(client.send(REQUEST).readToEnd()).startsWith("HTTP/1.1 200");
                }
                try (RawClient client = new RawClient(proxy.address())) {
                    client.send(connect + REQUEST).readTo("\r\n\r\n");
                    assertThat(client.readToEnd()).startsWith("HTTP/1.1 200").endsWith("web");
                }
                try (RawClient client = new RawClient(proxy.address())) {
                    client.send(connect).readTo("\r\n\r\n");
                    assertThat(client.send("\u0001hi\n").readToEnd()).isEqualTo("echo \u0001hi\n");
                }
                assertThat(proxy.logLines(7))
                        .anySatisfy(line -> assertThat(line).contains("\"path\":\"/inner\"", "\"cluster\":\"web\""))
                        .anySatisfy(line -> assertThat(line).contains("\"method\":\"CONNECT\"", "\"upstream\":\"in\""));
            }
        }
    }

    @Test
    void connect_toAnInternalListenerThatIsNotThere_is503() throws Exception {
        try (RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("inner", InternalAddress.of("nowhere"))
                        .connectAllowed()
                        .tunnel("inner")
                        .route("/", "inner")
                        .http());
                RawClient client = new RawClient(proxy.address());
                RawClient plain = new RawClient(proxy.address())) {
            client.send("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n");
            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 503").contains("nowhere");
            assertThat(plain.send(REQUEST).readToEnd()).startsWith("HTTP/1.1 503");
        }
    }
}
