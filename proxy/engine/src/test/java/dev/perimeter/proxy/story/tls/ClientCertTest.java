package dev.perimeter.proxy.story.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.perimeter.proxy.snapshot.ClientCertForwarding;
import dev.perimeter.proxy.snapshot.ClientCertForwarding.Details;
import dev.perimeter.proxy.snapshot.ClientCertForwarding.Mode;
import dev.perimeter.proxy.snapshot.DownstreamTransport;
import dev.perimeter.proxy.snapshot.FilterChainConfig;
import dev.perimeter.proxy.snapshot.FilterChainMatch;
import dev.perimeter.proxy.snapshot.ListenerConfig.Sockets;
import dev.perimeter.proxy.snapshot.ListenerFilters;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.TestCa;
import dev.perimeter.proxy.testkit.TestCa.Issued;
import dev.perimeter.proxy.tls.DataSource;
import dev.perimeter.proxy.tls.DownstreamTls;
import dev.perimeter.proxy.tls.Secret;
import dev.perimeter.proxy.tls.TlsSettings;
import dev.perimeter.proxy.tls.ValidationContext;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an upstream is told of the client's certificate, and what a client may not say of itself. */
class ClientCertTest {

    private static final TestCa CA = TestCa.create();
    private static final String OWN_ID = "spiffe://shop/gateway";
    private static final String CLIENT_ID = "spiffe://shop/client";
    private static final Issued CLIENT = CA.spiffe(CLIENT_ID);
    private static final String CLAIM = "Hash=abc;URI=spiffe://shop/boss";
    private static final Details SHORT = new Details(false, false, true, true, false);

    /** The header as the upstream saw it; null for none. */
    private static String seen(ClientCertForwarding how, Issued shown, boolean plain, String... claims)
            throws Exception {
        TlsSettings settings = new TlsSettings(
                TlsSettings.Parameters.SERVER,
                List.of(new Secret.Given<>(TlsTest.inline(CA.spiffe(OWN_ID)))),
                new Secret.Given<>(ValidationContext.of(new DataSource.Inline(CA.pem()))),
                null,
                List.of());
        DownstreamTls tls = DownstreamTls.of(settings, false);
        try (FakeUpstream web = FakeUpstream.named("web")) {
            Config config = new Config()
                    .edge(Config.INSIDE.with(how))
                    .cluster("web", web.address())
                    .route("/", "web");
            config = plain
                    ? config.http()
                    : config.listener(
                            "http",
                            ListenerFilters.NONE,
                            Sockets.at(Config.LOOPBACK),
                            List.of(new FilterChainConfig(
                                    "",
                                    FilterChainMatch.ANY,
                                    new DownstreamTransport.Tls(tls),
                                    Duration.ofSeconds(5),
                                    config.httpManager("http"),
                                    tls)));
            StringBuilder request = new StringBuilder("GET / HTTP/1.1\r\nHost: a\r\n");
            for (String claim : claims) {
                request.append("X-Forwarded-Client-Cert: ").append(claim).append("\r\n");
            }
            request.append("Connection: close\r\n\r\n");
            try (RunningProxy proxy = new RunningProxy(config)) {
                // Twice, since what is said is kept for the connection.
                for (int i = 0; i < 2; i++) {
                    assertThat(ask(proxy, shown, plain, request.toString())).startsWith("HTTP/1.1 200");
                }
                assertThat(web.received())
                        .extracting(received -> received.headers().get("X-forwarded-client-cert"))
                        .satisfies(both -> assertThat(both.get(0)).isEqualTo(both.get(1)));
                List<String> values = web.received().getFirst().headers().get("X-forwarded-client-cert");
                return values == null ? null : String.join(" | ", values);
            }
        }
    }

    private static String ask(RunningProxy proxy, Issued shown, boolean plain, String request) throws IOException {
        if (plain) {
            try (RawClient client = new RawClient(proxy.address())) {
                return client.send(request).readToEnd();
            }
        }
        try (SSLSocket socket = (SSLSocket) CA.context(shown)
                .getSocketFactory()
                .createSocket("127.0.0.1", proxy.address().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String own() throws Exception {
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest(CLIENT.certificate().getEncoded());
        return "By=" + OWN_ID + ";Hash=" + HexFormat.of().formatHex(hash) + ";Subject=\"CN=workload\";URI=" + CLIENT_ID;
    }

    static Stream<Arguments> modes() throws Exception {
        return Stream.of(
                arguments(Mode.SANITIZE, null, null, null),
                arguments(Mode.FORWARD_ONLY, CLAIM, null, null),
                arguments(Mode.APPEND_FORWARD, CLAIM + "," + own(), null, null),
                arguments(Mode.SANITIZE_SET, own(), null, null),
                arguments(Mode.ALWAYS_FORWARD_ONLY, CLAIM, CLAIM, CLAIM));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void claim_isKeptJoinedReplacedOrDropped(Mode mode, String mutual, String tls, String plain) throws Exception {
        ClientCertForwarding how = new ClientCertForwarding(mode, SHORT);
        assertThat(seen(how, CLIENT, false, CLAIM)).isEqualTo(mutual);
        assertThat(seen(how, null, false, CLAIM)).isEqualTo(tls);
        assertThat(seen(how, null, true, CLAIM)).isEqualTo(plain);
    }

    @Test
    void severalClaims_becomeOneHeader_withOursLast() throws Exception {
        ClientCertForwarding how = new ClientCertForwarding(Mode.APPEND_FORWARD, SHORT);
        assertThat(seen(how, CLIENT, false, "Hash=1", "Hash=2")).isEqualTo("Hash=1,Hash=2," + own());
        assertThat(seen(how, CLIENT, false)).isEqualTo(own());
    }

    @Test
    void details_areThoseAskedFor() throws Exception {
        Issued named = CA.dns("a.shop", "b.shop");
        String all = seen(
                new ClientCertForwarding(Mode.SANITIZE_SET, new Details(true, true, true, true, true)), named, false);
        assertThat(all).endsWith(";Subject=\"CN=a.shop\";DNS=a.shop;DNS=b.shop");
        for (String key : new String[] {";Cert=\"", ";Chain=\""}) {
            int start = all.indexOf(key) + key.length();
            String encoded = all.substring(start, all.indexOf('"', start));
            assertThat(encoded).matches("[A-Za-z0-9%._*-]+");
            assertThat(URLDecoder.decode(encoded, StandardCharsets.US_ASCII).replaceAll("\\s", ""))
                    .startsWith(CA_PEM_HEAD + body(named));
        }
        String none = seen(new ClientCertForwarding(Mode.SANITIZE_SET, Details.NONE), named, false);
        assertThat(none).matches("By=" + OWN_ID + ";Hash=[0-9a-f]{64}");
    }

    private static final String CA_PEM_HEAD = "-----BEGINCERTIFICATE-----";

    private static String body(Issued issued) throws Exception {
        return java.util.Base64.getEncoder().encodeToString(issued.certificate().getEncoded())
                + "-----ENDCERTIFICATE-----";
    }
}
