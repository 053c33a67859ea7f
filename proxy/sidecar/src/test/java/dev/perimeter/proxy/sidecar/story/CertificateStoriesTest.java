package dev.perimeter.proxy.sidecar.story;

import static dev.perimeter.proxy.testkit.xds.Resources.httpListener;
import static dev.perimeter.proxy.testkit.xds.Resources.routes;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import dev.perimeter.controlplane.contract.TypeUrl;
import dev.perimeter.proxy.sidecar.EmbeddedProxy;
import dev.perimeter.proxy.testkit.ExpectedWarnings;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.TestCa;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.temporal.ChronoUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that come by SDS: how an operator sees them, and what is kept of them. */
@ExpectedWarnings("AdsClient - no control plane at 127.0.0.1:")
class CertificateStoriesTest {

    @TempDir
    Path folder;

    private final TestCa ca = TestCa.create();
    private final TestCa.Issued issued = ca.dns("shop.example", "www.shop.example");
    private final FakeUpstream upstream = FakeUpstream.named("here");
    private final FakeControlPlane controlPlane = FakeControlPlane.start();

    @BeforeEach
    void publish() throws IOException {
        Path trusted = Files.writeString(folder.resolve("ca.pem"), ca.pem());
        controlPlane.publish(
                TypeUrl.SECRET,
                "s1",
                Secret.newBuilder()
                        .setName("own")
                        .setTlsCertificate(TlsCertificate.newBuilder()
                                .setCertificateChain(DataSource.newBuilder().setInlineString(issued.chainPem()))
                                .setPrivateKey(DataSource.newBuilder().setInlineString(issued.keyPem())))
                        .build());
        CommonTlsContext.Builder tls = CommonTlsContext.newBuilder()
                .addTlsCertificateSdsSecretConfigs(SdsSecretConfig.newBuilder()
                        .setName("own")
                        .setSdsConfig(ConfigSource.newBuilder()
                                .setResourceApiVersion(ApiVersion.V3)
                                .setAds(AggregatedConfigSource.getDefaultInstance())))
                .setValidationContext(CertificateValidationContext.newBuilder()
                        .setTrustedCa(DataSource.newBuilder().setFilename(trusted.toString())));
        Listener.Builder listener = httpListener("in", 0, routes("all", "pay")).toBuilder();
        listener.getFilterChainsBuilder(0)
                .setTransportSocket(TransportSocket.newBuilder()
                        .setName("envoy.transport_sockets.tls")
                        .setTypedConfig(Any.pack(DownstreamTlsContext.newBuilder()
                                .setCommonTlsContext(tls)
                                .build())));
        controlPlane.publish(
                TypeUrl.CLUSTER, "c1", staticCluster("pay", upstream.address().getPort()));
        controlPlane.publish(TypeUrl.LISTENER, "l1", listener.build());
    }

    @AfterEach
    void stop() {
        controlPlane.close();
        upstream.close();
    }

    private void assertServed(EmbeddedProxy proxy) {
        await().ignoreExceptions().untilAsserted(() -> {
            InetSocketAddress address = proxy.listener("in");
            try (RawClient plain = new RawClient(address);
                    SSLSocket socket = (SSLSocket) ca.context(null)
                            .getSocketFactory()
                            .createSocket(plain.socket(), "shop.example", address.getPort(), false)) {
                socket.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 200")
                        .endsWith("here");
            }
        });
    }

    @Test
    void certsPage_showsWhatIsInUse_inEnvoysShape_andNoKey() {
        try (EmbeddedProxy proxy = EmbeddedProxy.following(controlPlane.port()).awaitReady()) {
            assertServed(proxy);

            assertThat(proxy.admin("/certs").body())
                    .contains("\"certificates\": [")
                    .containsPattern("\"ca_cert\": \\[\\s*\\{\\s*\"path\": \"" + folder.resolve("ca.pem") + "\"")
                    .containsPattern("\"cert_chain\": \\[\\s*\\{\\s*\"path\": \"<inline>\"")
                    .contains("\"serial_number\": \""
                            + issued.certificate().getSerialNumber().toString(16) + "\"")
                    .contains("\"dns\": \"shop.example\"", "\"dns\": \"www.shop.example\"")
                    .contains("\"days_until_expiration\": \"")
                    .contains("\"expiration_time\": \""
                            + issued.certificate().getNotAfter().toInstant().truncatedTo(ChronoUnit.SECONDS))
                    .doesNotContain("PRIVATE");
        }
    }

    @Test
    void lastGoodConfiguration_holdsKeys_soItIsForItsOwnerAlone() throws IOException {
        Path kept = folder.resolve("state").resolve("kept");
        Path file = kept.resolve("last-good.pb");
        try (EmbeddedProxy proxy =
                EmbeddedProxy.following(controlPlane.port(), false, kept).awaitReady()) {
            assertServed(proxy);
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .contains(issued.keyPem()
                                    .strip()
                                    .lines()
                                    .skip(1)
                                    .findFirst()
                                    .orElseThrow()));
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rwx------");
        try (var left = Files.list(kept)) {
            assertThat(left).containsExactly(file);
        }

        // Nobody listens at port 1.
        try (EmbeddedProxy alone = EmbeddedProxy.following(1, false, kept)) {
            assertServed(alone);
        }
    }
}
