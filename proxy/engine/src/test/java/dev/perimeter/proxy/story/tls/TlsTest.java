package dev.perimeter.proxy.story.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perimeter.proxy.cluster.UpstreamTransport;
import dev.perimeter.proxy.route.RouteAction.WeightedCluster;
import dev.perimeter.proxy.snapshot.DownstreamTransport;
import dev.perimeter.proxy.snapshot.FilterChainConfig;
import dev.perimeter.proxy.snapshot.FilterChainMatch;
import dev.perimeter.proxy.snapshot.ListenerConfig.ConnectionHandling;
import dev.perimeter.proxy.snapshot.ListenerConfig.Sockets;
import dev.perimeter.proxy.snapshot.ListenerFilters;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawUpstream;
import dev.perimeter.proxy.testkit.TestCa;
import dev.perimeter.proxy.testkit.TestCa.Issued;
import dev.perimeter.proxy.tls.DataSource;
import dev.perimeter.proxy.tls.DownstreamTls;
import dev.perimeter.proxy.tls.SanMatch;
import dev.perimeter.proxy.tls.Secret;
import dev.perimeter.proxy.tls.TlsCertificate;
import dev.perimeter.proxy.tls.TlsSettings;
import dev.perimeter.proxy.tls.UpstreamTls;
import dev.perimeter.proxy.tls.ValidationContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS on both sides; the client is the JDK's. */
class TlsTest {

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    private static final TestCa CA = TestCa.create();
    static final String ID = "spiffe://shop/payment";

    static TlsCertificate inline(Issued issued) {
        return new TlsCertificate(new DataSource.Inline(issued.chainPem()), new DataSource.Inline(issued.keyPem()));
    }

    private static ValidationContext trusting(TestCa ca, SanMatch... names) {
        return ValidationContext.of(new DataSource.Inline(ca.pem()), names);
    }

    private static TlsSettings server(ValidationContext validation, Issued... own) {
        return new TlsSettings(
                TlsSettings.Parameters.SERVER,
                Arrays.stream(own)
                        .<Secret.Reference<TlsCertificate>>map(one -> new Secret.Given<>(inline(one)))
                        .toList(),
                validation == null ? null : new Secret.Given<>(validation),
                null,
                List.of("http/1.1"));
    }

    private static FilterChainConfig chain(String name, DownstreamTls tls, ConnectionHandling handling) {
        return new FilterChainConfig(
                name, FilterChainMatch.ANY, new DownstreamTransport.Tls(tls), Duration.ofSeconds(5), handling, tls);
    }

    private static Config http(Config config, DownstreamTls tls) {
        return config.listener(
                "http",
                ListenerFilters.NONE,
                Sockets.at(Config.LOOPBACK),
                List.of(chain("", tls, config.httpManager("http"))));
    }

    private static SSLSocket connect(RunningProxy proxy, SSLContext context, String name) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        socket.setSoTimeout(10_000);
        if (name != null) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
        }
        socket.connect(proxy.address());
        return socket;
    }

    private static String ask(SSLSocket socket) throws IOException {
        socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.ISO_8859_1));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static String shown(SSLSocket socket) throws IOException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    @Test
    void terminated_theRequestGoesOnAndTheLogTellsOfIt() throws Exception {
        try (FakeUpstream web =
                FakeUpstream.answering(request -> FakeUpstream.Answer.text(200, request.header("X-forwarded-proto")))) {
            Config config = new Config()
                    .log("tls", "%DOWNSTREAM_TLS_VERSION%")
                    .log("sni", "%REQUESTED_SERVER_NAME%")
                    .log("peer", "%DOWNSTREAM_PEER_URI_SAN%")
                    .cluster("web", web.address())
                    .route("/", "web");
            try (RunningProxy proxy = new RunningProxy(http(
                            config, DownstreamTls.of(server(trusting(CA, SanMatch.uri(ID)), CA.dns("a")), true)));
                    SSLSocket client = connect(proxy, CA.context(CA.spiffe(ID)), "a")) {
                assertThat(ask(client)).startsWith("HTTP/1.1 200").endsWith("https");
                assertThat(proxy.logLines(1).getFirst())
                        .contains("\"tls\":\"TLSv1.3\"", "\"sni\":\"a\"", "\"peer\":\"" + ID + "\"");
            }
        }
    }

    @Test
    void clientWithoutOrWithAWrongCertificate_isRefusedAndCounted() throws Exception {
        Config config = new Config().route("/", "web");
        try (RunningProxy proxy = new RunningProxy(http(
                config, DownstreamTls.of(server(trusting(CA, SanMatch.uri(ID)), CA.dns("a")), true)))) {
            for (Issued own : new Issued[] {
                null, CA.spiffe("spiffe://shop/other"), TestCa.create().spiffe(ID)
            }) {
                try (SSLSocket client = connect(proxy, CA.context(own), "a")) {
                    assertThatThrownBy(() -> ask(client)).isInstanceOf(IOException.class);
                }
            }
            Awaitility.await()
                    .untilAsserted(() -> assertThat(proxy.dataPlane().metrics().prometheus())
                            .contains("envoy_listener_ssl_connection_error{envoy_listener=\"http\"} 3"));
        }
    }

    @Test
    void severalCertificates_areChosenByName() throws Exception {
        Config config = new Config().route("/", "web");
        try (RunningProxy proxy = new RunningProxy(http(
                config, DownstreamTls.of(server(null, CA.dns("first"), CA.rsa("a.shop"), CA.dns("third")), false)))) {
            for (String[] pair :
                    new String[][] {{"third", "CN=third"}, {"a.shop", "CN=a.shop"}, {"first", "CN=first"}}) {
                try (SSLSocket client = connect(proxy, CA.context(null), pair[0])) {
                    client.startHandshake();
                    assertThat(shown(client)).isEqualTo(pair[1]);
                }
            }
        }
    }

    @Test
    void secret_replaced_newHandshakesSeeItAndOpenConnectionsLiveOn() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web")) {
            TlsSettings named = new TlsSettings(
                    TlsSettings.Parameters.SERVER, List.of(new Secret.Named<>("own")), null, null, List.of());
            Config config =
                    http(new Config().cluster("web", web.address()).route("/", "web"), DownstreamTls.of(named, false));
            try (RunningProxy proxy = new RunningProxy(config.secrets(Map.of("own", inline(CA.dns("old")))));
                    SSLSocket open = connect(proxy, CA.context(null), "a")) {
                open.startHandshake();
                proxy.apply(config.secrets(Map.of("own", inline(CA.dns("new")))).snapshot());
                try (SSLSocket client = connect(proxy, CA.context(null), "a")) {
                    client.startHandshake();
                    assertThat(shown(client)).isEqualTo("CN=new");
                }

                assertThat(shown(open)).isEqualTo("CN=old");
                assertThat(ask(open)).endsWith("web");
                List<String> problems = proxy.dataPlane()
                        .apply(config.secrets(Map.of(
                                        "own",
                                        new TlsCertificate(
                                                new DataSource.Inline("nothing"), new DataSource.Inline("nothing"))))
                                .snapshot())
                        .join();
                assertThat(problems)
                        .singleElement()
                        .asString()
                        .isEqualTo("certificate_chain: holds no certificate in PEM");
                try (SSLSocket client = connect(proxy, CA.context(null), "a")) {
                    client.startHandshake();
                    assertThat(shown(client)).isEqualTo("CN=new");
                }
            }
        }
    }

    @Test
    void file_replaced_isReadAgain(@TempDir Path folder) throws Exception {
        Path chain = folder.resolve("chain.pem");
        Path key = folder.resolve("key.pem");
        Issued old = CA.dns("old");
        Files.writeString(chain, old.chainPem());
        Files.writeString(key, old.keyPem());
        TlsSettings files = new TlsSettings(
                TlsSettings.Parameters.SERVER,
                List.of(new Secret.Given<>(new TlsCertificate(
                        new DataSource.File(chain.toString()), new DataSource.File(key.toString())))),
                null,
                null,
                List.of());
        try (RunningProxy proxy =
                new RunningProxy(http(new Config().route("/", "web"), DownstreamTls.of(files, false)))) {
            Issued next = CA.dns("new");
            Files.writeString(key, next.keyPem());
            Files.writeString(chain, next.chainPem());
            Awaitility.await().atMost(RunningProxy.PATIENCE).untilAsserted(() -> {
                try (SSLSocket client = connect(proxy, CA.context(null), "a")) {
                    client.startHandshake();
                    assertThat(shown(client)).isEqualTo("CN=new");
                }
            });
        }
    }

    @Test
    void session_isResumedAndThePeerStillKnown() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web")) {
            Config config = new Config()
                    .log("peer", "%DOWNSTREAM_PEER_URI_SAN%")
                    .cluster("web", web.address())
                    .route("/", "web");
            SSLContext context = CA.context(CA.spiffe(ID));
            try (RunningProxy proxy =
                    new RunningProxy(http(config, DownstreamTls.of(server(trusting(CA), CA.dns("a")), true)))) {
                long first = 0;
                for (int i = 0; i < 2; i++) {
                    // The JDK keeps sessions by host and port of a socket it connected itself.
                    try (SSLSocket client = (SSLSocket) context.getSocketFactory()
                            .createSocket("127.0.0.1", proxy.address().getPort())) {
                        assertThat(ask(client)).endsWith("web");
                        long created = client.getSession().getCreationTime();
                        assertThat(i == 0 || created == first).isTrue();
                        first = created;
                    }
                }
                assertThat(proxy.logLines(2))
                        .allSatisfy(line -> assertThat(line).contains("\"peer\":\"" + ID + "\""));
            }
        }
    }

    static UpstreamTransport upstream(String sni, SanMatch... names) {
        return new UpstreamTransport.Tls(UpstreamTls.of(
                new TlsSettings(
                        TlsSettings.Parameters.SERVER,
                        List.of(new Secret.Given<>(inline(CA.spiffe("spiffe://shop/client")))),
                        new Secret.Given<>(trusting(CA, names)),
                        null,
                        List.of()),
                sni));
    }

    /** A proxy that terminates TLS for a web server, or for an echo. */
    static RunningProxy back(InetSocketAddress web, boolean tcp) {
        Config config = new Config()
                .log("peer", "%DOWNSTREAM_PEER_URI_SAN%")
                .log("sni", "%REQUESTED_SERVER_NAME%")
                .cluster("web", web)
                .route("/", "web");
        DownstreamTls tls = DownstreamTls.of(server(trusting(CA), CA.spiffe(ID)), true);
        return new RunningProxy(config.listener(
                "http",
                ListenerFilters.NONE,
                Sockets.at(Config.LOOPBACK),
                List.of(chain(
                        "",
                        tls,
                        tcp ? config.tcpProxy("http", new WeightedCluster("web", 1)) : config.httpManager("http")))));
    }

    @Test
    void upstream_isSpokenToByTls_bothSidesKnown() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy back = back(web.address(), false);
                RunningProxy front = new RunningProxy(new Config()
                        .transport(upstream("payment.shop", SanMatch.uri(ID)))
                        .cluster("back", back.address())
                        .route("/", "back")
                        .http())) {
            for (int i = 0; i < 3; i++) {
                assertThat(front.get("/").body()).isEqualTo("web");
            }
            assertThat(back.logLines(3))
                    .allSatisfy(line ->
                            assertThat(line).contains("\"peer\":\"spiffe://shop/client\"", "\"sni\":\"payment.shop\""));
        }
    }

    @Test
    void upstreamOfAnotherName_isNotSpokenTo() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy back = back(web.address(), false);
                RunningProxy front = new RunningProxy(new Config()
                        .transport(upstream("", SanMatch.uri("spiffe://shop/somebody")))
                        .cluster("back", back.address())
                        .route("/", "back")
                        .http())) {
            assertThat(front.get("/").statusCode()).isEqualTo(503);
            assertThat(front.logLines(1).getFirst()).contains("\"flags\":\"UF\"");
            assertThat(web.received()).isEmpty();
        }
    }

    @Test
    void tcp_overTlsOnBothSides_carriesBytesAndEnds() throws Exception {
        try (RawUpstream echo = RawUpstream.running(connection -> {
                    String line = connection.readTo("\n");
                    connection.send("echo " + line);
                });
                RunningProxy back = back(echo.address(), true);
                RunningProxy front = new RunningProxy(new Config()
                        .transport(upstream("", SanMatch.uri(ID)))
                        .cluster("back", back.address())
                        .tcp("in", Duration.ZERO, new WeightedCluster("back", 1)));
                dev.perimeter.proxy.testkit.RawClient client =
                        new dev.perimeter.proxy.testkit.RawClient(front.address("in"))) {
            assertThat(client.send("hello\n").readToEnd()).isEqualTo("echo hello\n");
        }
    }

    @Test
    void proxyHeader_goesBeforeTheBytesOfATcpConnection() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> connection.send(connection.readTo("hello\n")));
                RunningProxy proxy = new RunningProxy(new Config()
                        .transport(new UpstreamTransport.ProxyProtocol(1, UpstreamTransport.PLAIN))
                        .cluster("back", upstream.address())
                        .tcp("in", Duration.ZERO, new WeightedCluster("back", 1)));
                dev.perimeter.proxy.testkit.RawClient client =
                        new dev.perimeter.proxy.testkit.RawClient(proxy.address("in"))) {
            String own = "PROXY TCP4 127.0.0.1 127.0.0.1 " + client.socket().getLocalPort() + " "
                    + proxy.address("in").getPort() + "\r\nhello\n";
            assertThat(client.send("hello\n").readToEnd()).isEqualTo(own);
        }
    }
}
