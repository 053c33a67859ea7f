package dev.perimeter.proxy.story.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.snapshot.DownstreamTransport;
import dev.perimeter.proxy.snapshot.FilterChainConfig;
import dev.perimeter.proxy.snapshot.FilterChainMatch;
import dev.perimeter.proxy.snapshot.ListenerConfig.Sockets;
import dev.perimeter.proxy.snapshot.ListenerFilters;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.Curl;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.TestCa;
import dev.perimeter.proxy.testkit.TestCa.Issued;
import dev.perimeter.proxy.tls.DataSource;
import dev.perimeter.proxy.tls.DownstreamTls;
import dev.perimeter.proxy.tls.Secret;
import dev.perimeter.proxy.tls.TlsCertificate;
import dev.perimeter.proxy.tls.TlsSettings;
import dev.perimeter.proxy.tls.TlsSettings.Parameters;
import dev.perimeter.proxy.tls.TlsSettings.Version;
import dev.perimeter.proxy.tls.ValidationContext;
import dev.perimeter.proxy.tls.ValidationContext.Revoked;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS as two clients see it that everybody uses. */
class OpenSslTest {

    private static final TestCa CA = TestCa.create();
    private static final String ID = "spiffe://shop/payment";

    @TempDir
    private Path folder;

    static TlsSettings settings(Parameters parameters, ValidationContext validation, Issued... own) {
        return new TlsSettings(
                parameters,
                Arrays.stream(own)
                        .<Secret.Reference<TlsCertificate>>map(one -> new Secret.Given<>(TlsTest.inline(one)))
                        .toList(),
                validation == null ? null : new Secret.Given<>(validation),
                null,
                List.of("h2", "http/1.1"));
    }

    static DownstreamTls server(Parameters parameters, Issued... own) {
        return DownstreamTls.of(settings(parameters, null, own), false);
    }

    static Config config(FakeUpstream web, DownstreamTls tls) {
        return config(new Config(), web, tls);
    }

    static Config config(Config begun, FakeUpstream web, DownstreamTls tls) {
        Config config = begun.cluster("web", web.address()).route("/", "web");
        return config.listener(
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
    }

    static Parameters versions(Version least, Version most) {
        return new Parameters(least, most, List.of(), List.of());
    }

    @Test
    void versions_outsideTheConfigured_areRefused() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy old =
                        new RunningProxy(config(web, server(versions(Version.TLS_1_2, Version.TLS_1_2), CA.dns("a"))));
                RunningProxy young = new RunningProxy(
                        config(web, server(versions(Version.TLS_1_3, Version.TLS_1_3), CA.dns("a"))))) {
            OpenSsl toOld = new OpenSsl(old, folder);
            OpenSsl toYoung = new OpenSsl(young, folder);
            assertThat(toOld.ask()).contains("Protocol  : TLSv1.2", "HTTP/1.1 200 OK");
            assertThat(toOld.ask("-tls1_3")).contains("alert protocol version").doesNotContain("200 OK");
            assertThat(toYoung.ask()).contains("New, TLSv1.3", "HTTP/1.1 200 OK");
            assertThat(toYoung.ask("-tls1_2"))
                    .contains("alert protocol version")
                    .doesNotContain("200 OK");
        }
    }

    @Test
    void cipherSuites_areThoseConfigured() throws Exception {
        Parameters one = new Parameters(
                Version.TLS_1_2, Version.TLS_1_2, List.of("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"), List.of());
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy proxy = new RunningProxy(config(web, server(one, CA.dns("a"))))) {
            OpenSsl client = new OpenSsl(proxy, folder);
            assertThat(client.ask()).contains("Cipher is ECDHE-ECDSA-AES256-GCM-SHA384", "200 OK");
            assertThat(client.ask("-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"))
                    .contains("alert handshake failure")
                    .doesNotContain("200 OK");
        }
    }

    @Test
    void certificate_isChosenByName() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy proxy = new RunningProxy(config(
                        web,
                        server(
                                Parameters.SERVER,
                                CA.dns("first"),
                                CA.rsa("b.shop"),
                                CA.dns("b.shop"),
                                CA.wildcard("*.shop"))))) {
            OpenSsl client = new OpenSsl(proxy, folder);
            assertThat(client.ask("-servername", "a.shop")).contains("subject=CN = *.shop");
            assertThat(client.ask("-servername", "b.shop")).contains("subject=CN = b.shop");
            assertThat(client.ask("-servername", "elsewhere")).contains("subject=CN = first");
            assertThat(client.ask("-noservername")).contains("subject=CN = first");
        }
    }

    @Test
    void alpn_isTheBestThatBothKnow_orNothing() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy proxy = new RunningProxy(config(web, server(Parameters.SERVER, CA.dns("a"))))) {
            OpenSsl client = new OpenSsl(proxy, folder);
            try (OpenSsl.Client two = client.connect("-alpn", "http/1.1,h2")) {
                assertThat(two.awaitLine("ALPN")).isEqualTo("ALPN protocol: h2");
            }
            assertThat(client.ask("-alpn", "http/1.1")).contains("ALPN protocol: http/1.1", "200 OK");
            assertThat(client.ask("-alpn", "other")).contains("No ALPN negotiated", "200 OK");
            assertThat(client.ask()).contains("No ALPN negotiated", "200 OK");
        }
    }

    @Test
    void session_isResumedByTicketAndById_unlessItIsSwitchedOff() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web")) {
            DownstreamTls usual = server(Parameters.SERVER, CA.dns("a"));
            DownstreamTls byId = new DownstreamTls(
                    settings(versions(Version.TLS_1_2, Version.TLS_1_2), null, CA.dns("a")),
                    false,
                    false,
                    false,
                    null,
                    false,
                    true,
                    Duration.ZERO);
            DownstreamTls never =
                    new DownstreamTls(usual.settings(), false, false, false, null, false, false, Duration.ZERO);
            try (RunningProxy proxy = new RunningProxy(config(web, usual))) {
                assertThat(new OpenSsl(proxy, folder).askTwice("-tls1_3")).contains("Reused, TLSv1.3", "200 OK");
                assertThat(new OpenSsl(proxy, folder).askTwice("-tls1_2")).contains("Reused, TLSv1.2", "200 OK");
            }
            try (RunningProxy proxy = new RunningProxy(config(web, byId))) {
                assertThat(new OpenSsl(proxy, folder).askTwice("-tls1_2", "-no_ticket"))
                        .contains("Reused, TLSv1.2", "200 OK");
            }
            try (RunningProxy proxy = new RunningProxy(config(web, never))) {
                Files.delete(folder.resolve("session"));
                OpenSsl client = new OpenSsl(proxy, folder);
                for (String version : new String[] {"-tls1_2", "-tls1_3"}) {
                    assertThat(client.ask("-sess_out", folder.resolve("session").toString(), version))
                            .contains("New, ", "200 OK")
                            .doesNotContain("TLS session ticket:");
                }
            }
        }
    }

    @Test
    void session_isNotResumed_onceItsAuthorityIsNoLongerTrusted() throws Exception {
        ValidationContext before = ValidationContext.of(new DataSource.Inline(CA.pem()));
        ValidationContext after =
                ValidationContext.of(new DataSource.Inline(TestCa.create().pem()));
        TlsSettings named = new TlsSettings(
                Parameters.SERVER,
                List.of(new Secret.Given<>(TlsTest.inline(CA.dns("a")))),
                new Secret.Named<>("trust"),
                null,
                List.of());
        try (FakeUpstream web = FakeUpstream.named("web")) {
            Config config = config(web, DownstreamTls.of(named, true));
            try (RunningProxy proxy = new RunningProxy(config.secrets(Map.of("trust", before)))) {
                OpenSsl client = new OpenSsl(proxy, folder);
                String[] own = client.showing(CA.spiffe(ID));
                String session = folder.resolve("session").toString();
                assertThat(client.ask(own[0], own[1], own[2], own[3], "-sess_out", session))
                        .contains("200 OK");
                proxy.apply(config.secrets(Map.of("trust", after)).snapshot());
                assertThat(client.ask(own[0], own[1], own[2], own[3], "-sess_in", session))
                        .doesNotContain("200 OK");
            }
        }
    }

    @Test
    void certificate_replaced_leavesOpenConnectionsAlone() throws Exception {
        TlsSettings named =
                new TlsSettings(Parameters.SERVER, List.of(new Secret.Named<>("own")), null, null, List.of());
        try (FakeUpstream web = FakeUpstream.named("web")) {
            Config config = config(web, DownstreamTls.of(named, false));
            try (RunningProxy proxy = new RunningProxy(config.secrets(Map.of("own", TlsTest.inline(CA.dns("old")))))) {
                OpenSsl client = new OpenSsl(proxy, folder);
                try (OpenSsl.Client open = client.connect()) {
                    assertThat(open.awaitLine("subject=")).isEqualTo("subject=CN = old");
                    for (int i = 0; i < 3; i++) {
                        proxy.apply(config.secrets(Map.of("own", TlsTest.inline(CA.dns("new" + i))))
                                .snapshot());
                        assertThat(client.ask()).contains("subject=CN = new" + i, "200 OK");
                        open.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                        open.awaitLine("200 OK");
                    }
                }
            }
        }
    }

    @Test
    void clientCertificate_thatWasRevoked_isRefusedFromThenOn() throws Exception {
        Issued good = CA.spiffe(ID);
        Issued bad = CA.spiffe(ID);
        TlsSettings named = new TlsSettings(
                Parameters.SERVER,
                List.of(new Secret.Given<>(TlsTest.inline(CA.dns("a")))),
                new Secret.Named<>("trust"),
                null,
                List.of());
        try (FakeUpstream web = FakeUpstream.named("web")) {
            Config config = config(web, DownstreamTls.of(named, true));
            try (RunningProxy proxy = new RunningProxy(config.secrets(Map.of("trust", revoking(CA.revoking()))))) {
                OpenSsl client = new OpenSsl(proxy, folder);
                String session = folder.resolve("session").toString();
                String[] own = client.showing(bad);
                assertThat(client.ask(own[0], own[1], own[2], own[3], "-sess_out", session))
                        .contains("200 OK");
                proxy.apply(config.secrets(Map.of("trust", revoking(CA.revoking(bad))))
                        .snapshot());
                assertThat(client.ask(own)).doesNotContain("200 OK");
                assertThat(client.ask(own[0], own[1], own[2], own[3], "-sess_in", session))
                        .doesNotContain("200 OK");
                assertThat(client.ask(client.showing(good))).contains("200 OK");
            }
        }
    }

    @Test
    void authorityWithoutAList_isNotBelieved() throws Exception {
        TestCa other = TestCa.create();
        ValidationContext both = new ValidationContext(
                new DataSource.Inline(CA.pem() + other.pem()),
                false,
                List.of(),
                List.of(),
                List.of(),
                new Revoked(new DataSource.Inline(CA.revoking()), false));
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy proxy = new RunningProxy(
                        config(web, DownstreamTls.of(settings(Parameters.SERVER, both, CA.dns("a")), true)))) {
            OpenSsl client = new OpenSsl(proxy, folder);
            assertThat(client.ask(client.showing(CA.spiffe(ID)))).contains("200 OK");
            assertThat(client.ask(client.showing(other.spiffe(ID)))).doesNotContain("200 OK");
        }
    }

    private static ValidationContext revoking(String lists) {
        return new ValidationContext(
                new DataSource.Inline(CA.pem()),
                false,
                List.of(),
                List.of(),
                List.of(),
                new Revoked(new DataSource.Inline(lists), false));
    }

    @Test
    void curl_choosesTheVersionAndShowsItsCertificate() throws Exception {
        DownstreamTls mutual = DownstreamTls.of(
                settings(Parameters.SERVER, ValidationContext.of(new DataSource.Inline(CA.pem())), CA.dns("a.shop")),
                true);
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy proxy = new RunningProxy(config(web, mutual))) {
            String[] own = new OpenSsl(proxy, folder).showing(CA.spiffe(ID));
            assertThat(curl(proxy, "--http2", "--cert", own[1], "--key", own[3]))
                    .isEqualTo("web HTTP/2");
            assertThat(curl(proxy, "--http1.1", "--cert", own[1], "--key", own[3]))
                    .isEqualTo("web HTTP/1.1");
            assertThat(curl(proxy, "--http2")).endsWith(" HTTP/0").doesNotContain("web");
        }
    }

    private String curl(RunningProxy proxy, String... options) throws Exception {
        int port = proxy.address().getPort();
        Path ca = new OpenSsl(proxy, folder).write("ca.pem", CA.pem());
        List<String> all = new ArrayList<>(List.of(
                "--cacert",
                ca.toString(),
                "--resolve",
                "a.shop:" + port + ":127.0.0.1",
                "--write-out",
                " HTTP/%{http_version}"));
        all.addAll(List.of(options));
        all.add("https://a.shop:" + port + "/");
        return Curl.run(all.toArray(String[]::new));
    }
}
