package dev.perimeter.proxy.story.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.cluster.UpstreamProtocol;
import dev.perimeter.proxy.cluster.UpstreamProtocol.Lifetime;
import dev.perimeter.proxy.cluster.UpstreamProtocol.Naming;
import dev.perimeter.proxy.cluster.UpstreamProtocol.Version;
import dev.perimeter.proxy.cluster.UpstreamTransport;
import dev.perimeter.proxy.cluster.UpstreamTransport.Choice;
import dev.perimeter.proxy.snapshot.DownstreamTransport;
import dev.perimeter.proxy.snapshot.FilterChainConfig;
import dev.perimeter.proxy.snapshot.FilterChainMatch;
import dev.perimeter.proxy.snapshot.Http2Options;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpLimits;
import dev.perimeter.proxy.snapshot.ListenerConfig.Sockets;
import dev.perimeter.proxy.snapshot.ListenerFilters;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.TestCa;
import dev.perimeter.proxy.tls.DataSource;
import dev.perimeter.proxy.tls.DownstreamTls;
import dev.perimeter.proxy.tls.Secret;
import dev.perimeter.proxy.tls.TlsSettings;
import dev.perimeter.proxy.tls.UpstreamTls;
import dev.perimeter.proxy.tls.ValidationContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** TLS with upstreams that depends on the request or on the endpoint. */
class TlsChoiceTest {

    private static final TestCa CA = TestCa.create();

    private static UpstreamTransport transport(boolean validated) {
        return new UpstreamTransport.Tls(new UpstreamTls(
                new TlsSettings(
                        TlsSettings.Parameters.SERVER,
                        List.of(),
                        new Secret.Given<>(ValidationContext.of(new DataSource.Inline(CA.pem()))),
                        null,
                        List.of()),
                "",
                false,
                validated,
                1));
    }

    private static UpstreamProtocol named(String header, Version version) {
        return new UpstreamProtocol(
                version,
                HttpLimits.DEFAULTS,
                Lifetime.idle(Duration.ofMinutes(1)),
                Duration.ZERO,
                Http2Options.DEFAULTS,
                new Naming(header));
    }

    /** Shows a certificate for {@code *.shop} and 127.0.0.1, and logs what it was asked for. */
    private static RunningProxy back(FakeUpstream web) {
        Config config = new Config()
                .log("sni", "%REQUESTED_SERVER_NAME%")
                .log("connection", "%CONNECTION_ID%")
                .cluster("web", web.address())
                .route("/", "web");
        DownstreamTls tls = DownstreamTls.of(
                new TlsSettings(
                        TlsSettings.Parameters.SERVER,
                        List.of(new Secret.Given<>(TlsTest.inline(CA.wildcard("*.shop")))),
                        null,
                        null,
                        List.of("h2", "http/1.1")),
                false);
        return new RunningProxy(config.listener(
                "http",
                ListenerFilters.NONE,
                Sockets.at(Config.LOOPBACK),
                List.of(new FilterChainConfig(
                        "",
                        FilterChainMatch.ANY,
                        new DownstreamTransport.Tls(tls),
                        Duration.ofSeconds(5),
                        config.httpManager("http"),
                        tls))));
    }

    private static RunningProxy front(InetSocketAddress back, UpstreamProtocol protocol, boolean validated) {
        return new RunningProxy(new Config()
                .transport(transport(validated))
                .protocol(protocol)
                .cluster("back", back)
                .route("/", "back")
                .http());
    }

    private static String ask(RunningProxy proxy, String host, String... fields) throws IOException {
        try (RawClient client = new RawClient(proxy.address())) {
            StringBuilder request = new StringBuilder("GET / HTTP/1.1\r\nHost: " + host + "\r\n");
            for (String field : fields) {
                request.append(field).append("\r\n");
            }
            return client.send(request + "Connection: close\r\n\r\n").readToEnd();
        }
    }

    /** That many of so many requests came by TLS that asked for this name. */
    private static void asked(RunningProxy back, int requests, String name, int times) {
        assertThat(back.logLines(requests))
                .hasSize(requests)
                .filteredOn(line -> line.contains("\"sni\":" + name))
                .hasSize(times);
    }

    @Test
    void nameOfTheRequest_isAskedFor_andConnectionsAreNotSharedAcrossNames() throws Exception {
        for (Version version : new Version[] {Version.HTTP1, Version.HTTP2}) {
            try (FakeUpstream web = FakeUpstream.named("web");
                    RunningProxy back = back(web);
                    RunningProxy front = front(back.address(), named("", version), true)) {
                for (String host : new String[] {"a.shop", "B.shop:8080", "a.shop.", "b.shop"}) {
                    assertThat(ask(front, host)).as(host).startsWith("HTTP/1.1 200");
                }
                asked(back, 4, "\"a.shop\"", 2);
                asked(back, 4, "\"b.shop\"", 2);
            }
        }
    }

    @Test
    void certificateForAnotherName_isNotBelieved() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy back = back(web);
                RunningProxy front = front(back.address(), named("", Version.HTTP1), true);
                RunningProxy credulous = front(back.address(), named("", Version.HTTP1), false)) {
            assertThat(ask(front, "a.shop")).startsWith("HTTP/1.1 200");
            assertThat(ask(front, "a.market")).startsWith("HTTP/1.1 503");
            assertThat(ask(front, "127.0.0.1:80")).startsWith("HTTP/1.1 503");
            assertThat(ask(credulous, "a.market")).startsWith("HTTP/1.1 200");
            // Neither is a name that could be sent.
            assertThat(ask(credulous, "127.0.0.1:80")).startsWith("HTTP/1.1 200");
            assertThat(ask(credulous, "under_score")).startsWith("HTTP/1.1 200");
            asked(back, 4, "null", 2);
        }
    }

    @Test
    void header_mayHoldTheNameInstead() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy back = back(web);
                RunningProxy front = front(back.address(), named("x-name", Version.HTTP1), true)) {
            assertThat(ask(front, "elsewhere", "X-Name: c.shop")).startsWith("HTTP/1.1 200");
            assertThat(ask(front, "d.shop")).startsWith("HTTP/1.1 200");
            asked(back, 2, "\"c.shop\"", 1);
            asked(back, 2, "\"d.shop\"", 1);
        }
    }

    /** Names come from clients, so what is kept for them has a bound; connections above it close. */
    @Test
    void manyNames_leaveFewConnectionsOpen() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy back = back(web);
                RunningProxy front = front(back.address(), named("", Version.HTTP1), true)) {
            // One connection, so that one event loop has them all.
            try (RawClient client = new RawClient(front.address())) {
                for (int i = 0; i < 540; i++) {
                    client.send("GET / HTTP/1.1\r\nHost: n" + i + ".shop\r\n\r\n");
                    assertThat(client.readTo("web")).startsWith("HTTP/1.1 200");
                }
            }
            Awaitility.await()
                    .atMost(RunningProxy.PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    back.dataPlane().listeners().getFirst().connections())
                            .isLessThanOrEqualTo(512));
        }
    }

    @Test
    void endpoints_eachHaveTheTransportThatTheirMetadataChoose() throws Exception {
        try (FakeUpstream plain = FakeUpstream.named("plain");
                FakeUpstream web = FakeUpstream.named("secured");
                RunningProxy back = back(web);
                RunningProxy front = new RunningProxy(new Config()
                        .transport(new UpstreamTransport.ByEndpoint(
                                List.of(
                                        new Choice(
                                                Map.of("tls", "other"),
                                                new UpstreamTransport.ProxyProtocol(1, UpstreamTransport.PLAIN)),
                                        new Choice(Map.of("tls", "true"), transport(false))),
                                UpstreamTransport.PLAIN))
                        .cluster(
                                "back",
                                List.of(
                                        new Endpoint(plain.address(), 1, true),
                                        new Endpoint(back.address(), 1, true)
                                                .chosenBy(Map.of("tls", "true", "more", "1"))))
                        .route("/", "back")
                        .http())) {
            for (int i = 0; i < 10; i++) {
                assertThat(front.get("/").statusCode()).isEqualTo(200);
            }
            assertThat(plain.received()).isNotEmpty();
            assertThat(web.received()).isNotEmpty();
            assertThat(plain.received().size() + web.received().size()).isEqualTo(10);
        }
    }
}
