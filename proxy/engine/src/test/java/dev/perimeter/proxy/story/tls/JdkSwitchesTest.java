package dev.perimeter.proxy.story.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.listen.DataPlaneOptions;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.TestCa;
import dev.perimeter.proxy.tls.DataSource;
import dev.perimeter.proxy.tls.DownstreamTls;
import dev.perimeter.proxy.tls.Secret;
import dev.perimeter.proxy.tls.SessionTicketKeys;
import dev.perimeter.proxy.tls.TlsSettings;
import dev.perimeter.proxy.tls.TlsSettings.Parameters;
import dev.perimeter.proxy.tls.TlsSettings.Version;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What configuration switches has its effect with the JDK's TLS as well, or there is no TLS at all. */
class JdkSwitchesTest {

    private static final TestCa CA = TestCa.create();
    private static final TlsSettings SETTINGS = OpenSslTest.settings(Parameters.SERVER, null, CA.dns("a"));

    @TempDir
    private Path folder;

    @BeforeAll
    static void withoutBoringSsl() {
        RunningProxy.transport = DataPlaneOptions::withJdkTls;
    }

    @AfterAll
    static void asTheMachineIs() {
        RunningProxy.transport = options -> options;
    }

    private static DownstreamTls resuming(boolean stateless, boolean stateful) {
        return new DownstreamTls(SETTINGS, false, false, false, null, stateless, stateful, Duration.ZERO);
    }

    @Test
    void session_isResumed() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy usual = new RunningProxy(OpenSslTest.config(web, resuming(true, true)))) {
            OpenSsl client = new OpenSsl(usual, folder);
            assertThat(client.askTwice("-tls1_2")).contains("Reused, ", "200 OK");
            assertThat(client.askTwice("-tls1_2", "-no_ticket")).contains("Reused, ", "200 OK");
            assertThat(client.askTwice("-tls1_3")).contains("Reused, ", "200 OK");
        }
    }

    @Test
    void groups_areThoseConfigured() throws Exception {
        DownstreamTls one = OpenSslTest.server(
                new Parameters(Version.TLS_1_2, Version.TLS_1_3, List.of(), List.of("P-384")), CA.dns("a"));
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy proxy = new RunningProxy(OpenSslTest.config(web, one))) {
            OpenSsl client = new OpenSsl(proxy, folder);
            assertThat(client.ask("-tls1_3")).contains("Server Temp Key: ECDH, secp384r1", "200 OK");
            assertThat(client.ask("-tls1_3", "-curves", "X25519:P-256")).doesNotContain("200 OK");
        }
    }

    @Test
    void whatTheJdkCannotDo_isSaidByItsField_andNothingIsServed() {
        SessionTicketKeys keys = new SessionTicketKeys(List.of(new DataSource.Inline("k".repeat(80))));
        DownstreamTls keyed =
                new DownstreamTls(SETTINGS, false, false, false, new Secret.Given<>(keys), true, true, Duration.ZERO);
        DownstreamTls old =
                OpenSslTest.server(new Parameters(Version.TLS_1_0, Version.TLS_1_3, List.of(), List.of()), CA.dns("a"));
        DownstreamTls curved = OpenSslTest.server(
                new Parameters(Version.TLS_1_2, Version.TLS_1_3, List.of(), List.of("P-256", "P-224")), CA.dns("a"));
        assertThat(problem(keyed)).startsWith("session_ticket_keys: needs BoringSSL, but here the JDK does TLS: ");
        assertThat(problem(resuming(false, true))).startsWith("disable_stateless_session_resumption: needs BoringSSL");
        assertThat(problem(resuming(false, false))).startsWith("disable_stateless_session_resumption: needs BoringSSL");
        assertThat(problem(resuming(true, false))).startsWith("disable_stateful_session_resumption: needs BoringSSL");
        assertThat(problem(old)).startsWith("common_tls_context.tls_params.tls_minimum_protocol_version: needs");
        assertThat(problem(curved)).startsWith("common_tls_context.tls_params.ecdh_curves[1]: needs BoringSSL");
    }

    private static String problem(DownstreamTls tls) {
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy proxy = new RunningProxy(new Config())) {
            List<String> problems = proxy.dataPlane()
                    .apply(OpenSslTest.config(web, tls).snapshot())
                    .join();
            assertThat(problems).hasSize(1);
            return problems.getFirst();
        }
    }
}
