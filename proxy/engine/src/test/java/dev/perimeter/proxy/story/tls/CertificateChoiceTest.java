package dev.perimeter.proxy.story.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.listen.DataPlaneOptions;
import dev.perimeter.proxy.snapshot.ClientCertForwarding;
import dev.perimeter.proxy.snapshot.ClientCertForwarding.Details;
import dev.perimeter.proxy.snapshot.ClientCertForwarding.Mode;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.TestCa;
import dev.perimeter.proxy.testkit.TestCa.Issued;
import dev.perimeter.proxy.tls.DataSource;
import dev.perimeter.proxy.tls.DownstreamTls;
import dev.perimeter.proxy.tls.TlsSettings;
import dev.perimeter.proxy.tls.TlsSettings.Parameters;
import dev.perimeter.proxy.tls.TlsSettings.Version;
import dev.perimeter.proxy.tls.ValidationContext;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An RSA and an ECDSA certificate for one name: which of them a client sees depends on what it offers. */
class CertificateChoiceTest {

    private static final TestCa CA = TestCa.create();
    private static final Issued RSA = CA.rsa("rsa.shop", "a.shop");
    private static final Issued ECDSA = CA.dns("ecdsa.shop", "a.shop");
    private static final String SHOWS_RSA = "subject=CN = rsa.shop";
    private static final String SHOWS_ECDSA = "subject=CN = ecdsa.shop";

    @TempDir
    private Path folder;

    /** What {@code openssl s_client} printed after it asked for {@code a.shop}. */
    private String ask(RunningProxy proxy, String... options) throws Exception {
        String[] all = new String[options.length + 2];
        all[0] = "-servername";
        all[1] = "a.shop";
        System.arraycopy(options, 0, all, 2, options.length);
        return new OpenSsl(proxy, folder).ask(all);
    }

    private static RunningProxy both(FakeUpstream web, Issued... own) {
        return new RunningProxy(OpenSslTest.config(web, OpenSslTest.server(Parameters.SERVER, own)));
    }

    @Test
    void tls13_signatureAlgorithmsOfTheClient_decide() throws Exception {
        for (Issued[] order : new Issued[][] {{RSA, ECDSA}, {ECDSA, RSA}}) {
            try (FakeUpstream web = FakeUpstream.named("web");
                    RunningProxy proxy = both(web, order)) {
                assertThat(ask(proxy, "-tls1_3", "-sigalgs", "rsa_pss_rsae_sha256"))
                        .contains(SHOWS_RSA, "Peer signature type: RSA-PSS", "200 OK");
                assertThat(ask(proxy, "-tls1_3", "-sigalgs", "ECDSA+SHA256"))
                        .contains(SHOWS_ECDSA, "Peer signature type: ECDSA", "200 OK");
                assertThat(ask(proxy, "-tls1_3")).contains(SHOWS_ECDSA, "200 OK");
                // Only for keys on P-384, which there is none of.
                assertThat(ask(proxy, "-tls1_3", "-sigalgs", "ECDSA+SHA384:rsa_pss_rsae_sha256"))
                        .contains(SHOWS_RSA, "200 OK");
                assertThat(ask(proxy, "-tls1_3", "-sigalgs", "ECDSA+SHA384"))
                        .contains("alert handshake failure")
                        .doesNotContain("200 OK");
            }
        }
    }

    @Test
    void tls12_signatureAlgorithmsAndSuitesOfTheClient_decide() throws Exception {
        for (Issued[] order : new Issued[][] {{RSA, ECDSA}, {ECDSA, RSA}}) {
            try (FakeUpstream web = FakeUpstream.named("web");
                    RunningProxy proxy = both(web, order)) {
                assertThat(ask(proxy, "-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"))
                        .contains(SHOWS_RSA, "Cipher is ECDHE-RSA-AES128-GCM-SHA256", "200 OK");
                assertThat(ask(proxy, "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"))
                        .contains(SHOWS_ECDSA, "Cipher is ECDHE-ECDSA-AES128-GCM-SHA256", "200 OK");
                assertThat(ask(proxy, "-tls1_2", "-sigalgs", "RSA+SHA256")).contains(SHOWS_RSA, "200 OK");
                assertThat(ask(proxy, "-tls1_2", "-sigalgs", "ECDSA+SHA256")).contains(SHOWS_ECDSA, "200 OK");
                assertThat(ask(proxy, "-tls1_2")).contains(SHOWS_ECDSA, "200 OK");
                assertThat(ask(
                                proxy,
                                "-tls1_2",
                                "-sigalgs",
                                "RSA+SHA256:ECDSA+SHA256",
                                "-cipher",
                                "ECDHE-RSA-AES256-GCM-SHA384"))
                        .contains(SHOWS_RSA, "200 OK");
            }
        }
    }

    @Test
    void onlyOneOfBothVersions_isEnough() throws Exception {
        for (Version version : new Version[] {Version.TLS_1_2, Version.TLS_1_3}) {
            try (FakeUpstream web = FakeUpstream.named("web");
                    RunningProxy proxy = new RunningProxy(OpenSslTest.config(
                            web, OpenSslTest.server(OpenSslTest.versions(version, version), RSA, ECDSA)))) {
                assertThat(ask(proxy)).contains(SHOWS_ECDSA, "200 OK");
                assertThat(ask(proxy, "-sigalgs", "rsa_pss_rsae_sha256")).contains(SHOWS_RSA, "200 OK");
            }
        }
    }

    @Test
    void nameComesFirst_thenTheKindOfKey() throws Exception {
        Issued wildcard = CA.wildcard("*.shop");
        Issued named = CA.rsa("b.shop");
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy proxy = both(web, wildcard, named, ECDSA)) {
            OpenSsl client = new OpenSsl(proxy, folder);
            for (String version : new String[] {"-tls1_2", "-tls1_3"}) {
                assertThat(client.ask("-servername", "c.shop", version)).contains("subject=CN = *.shop");
                assertThat(client.ask("-servername", "a.shop", version)).contains(SHOWS_ECDSA);
                if (!isJdk()) {
                    // The JDK goes by the order in which the client names the kinds.
                    assertThat(client.ask("-servername", "b.shop", version)).contains("subject=CN = b.shop");
                }
                assertThat(client.ask("-servername", "b.shop", version, "-sigalgs", "rsa_pss_rsae_sha256"))
                        .contains("subject=CN = b.shop", "200 OK");
                assertThat(client.ask("-servername", "b.shop", version, "-sigalgs", "ECDSA+SHA256"))
                        .contains("subject=CN = *.shop", "200 OK");
            }
        }
    }

    /** Envoy: full_scan_certs_on_sni_mismatch. */
    @Test
    void nameOfNoCertificate_getsTheFirst_unlessAllAreScanned() throws Exception {
        // The JDK goes by the order in which the client names the kinds, whatever name it asks for.
        String shownToStrangers = isJdk() ? SHOWS_ECDSA : SHOWS_RSA;
        TlsSettings settings = OpenSslTest.settings(Parameters.SERVER, null, RSA, ECDSA);
        DownstreamTls scanning = new DownstreamTls(settings, false, false, true, null, true, true, Duration.ZERO);
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy first = both(web, RSA, ECDSA);
                RunningProxy all = new RunningProxy(OpenSslTest.config(web, scanning))) {
            for (String version : new String[] {"-tls1_2", "-tls1_3"}) {
                OpenSsl toFirst = new OpenSsl(first, folder);
                assertThat(toFirst.ask("-servername", "elsewhere", version)).contains(shownToStrangers);
                assertThat(toFirst.ask("-noservername", version)).contains(SHOWS_ECDSA);
                assertThat(new OpenSsl(all, folder).ask("-servername", "elsewhere", version))
                        .contains(SHOWS_ECDSA);
            }
        }
    }

    @Test
    void shownCertificate_isTheOneThatUpstreamsAreToldOf() throws Exception {
        Issued rsa = CA.rsa("rsa.shop", "a.shop", "spiffe://shop/rsa");
        Issued ecdsa = CA.dns("ecdsa.shop", "a.shop", "spiffe://shop/ecdsa");
        ValidationContext trust = ValidationContext.of(new DataSource.Inline(CA.pem()));
        DownstreamTls tls = DownstreamTls.of(OpenSslTest.settings(Parameters.SERVER, trust, rsa, ecdsa), true);
        Config config =
                new Config().edge(Config.INSIDE.with(new ClientCertForwarding(Mode.SANITIZE_SET, Details.NONE)));
        String[][] offers = {
            {"-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"},
            {"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"},
            {"-tls1_3", "-sigalgs", "rsa_pss_rsae_sha256:ECDSA+SHA384"},
            {"-tls1_3", "-sigalgs", "ECDSA+SHA256"}
        };
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy proxy = new RunningProxy(OpenSslTest.config(config, web, tls))) {
            for (String[] offer : offers) {
                // What the client offers is also what it can sign with.
                Issued client = offer[2].startsWith("rsa") ? CA.rsa("client") : CA.dns("client");
                List<String> options = new ArrayList<>(List.of(new OpenSsl(proxy, folder).showing(client)));
                options.addAll(List.of(offer));
                assertThat(ask(proxy, options.toArray(String[]::new))).contains("200 OK");
            }
            assertThat(web.received())
                    .extracting(
                            one -> one.headers().get("X-forwarded-client-cert").getFirst())
                    .satisfiesExactly(
                            one -> assertThat(one).startsWith("By=spiffe://shop/rsa;"),
                            one -> assertThat(one).startsWith("By=spiffe://shop/ecdsa;"),
                            one -> assertThat(one).startsWith("By=spiffe://shop/rsa;"),
                            one -> assertThat(one).startsWith("By=spiffe://shop/ecdsa;"));
        }
    }

    @Test
    void clientsOfTheJdk_haveTheirChoiceToo() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy proxy = both(web, RSA, ECDSA)) {
            assertThat(shown(proxy, "TLSv1.3", null, "rsa_pss_rsae_sha256")).isEqualTo("CN=rsa.shop");
            assertThat(shown(proxy, "TLSv1.3", null, "ecdsa_secp256r1_sha256")).isEqualTo("CN=ecdsa.shop");
            assertThat(shown(proxy, "TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))
                    .isEqualTo("CN=rsa.shop");
            assertThat(shown(proxy, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"))
                    .isEqualTo("CN=ecdsa.shop");
        }
    }

    private static String shown(RunningProxy proxy, String version, String suite, String... algorithms)
            throws Exception {
        SSLContext credulous = SSLContext.getInstance("TLS");
        // The JDK would hold the authority's signature to the same restrictions.
        credulous.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        try (SSLSocket socket = (SSLSocket) credulous.getSocketFactory().createSocket()) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName("a.shop")));
            parameters.setProtocols(new String[] {version});
            if (suite != null) {
                parameters.setCipherSuites(new String[] {suite});
            }
            if (algorithms.length > 0) {
                parameters.setSignatureSchemes(algorithms);
            }
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(10_000);
            socket.connect(proxy.address());
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    private static boolean isJdk() {
        return RunningProxy.transport.apply(DataPlaneOptions.forThisMachine()).jdkTls();
    }
}
