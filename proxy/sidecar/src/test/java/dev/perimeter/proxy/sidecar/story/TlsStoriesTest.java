package dev.perimeter.proxy.sidecar.story;

import static dev.perimeter.proxy.testkit.xds.Resources.edsCluster;
import static dev.perimeter.proxy.testkit.xds.Resources.endpoints;
import static dev.perimeter.proxy.testkit.xds.Resources.httpListener;
import static dev.perimeter.proxy.testkit.xds.Resources.listener;
import static dev.perimeter.proxy.testkit.xds.Resources.manager;
import static dev.perimeter.proxy.testkit.xds.Resources.routes;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.perimeter.controlplane.contract.TypeUrl;
import dev.perimeter.proxy.sidecar.EmbeddedProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.TestCa;
import dev.perimeter.proxy.testkit.TestCa.Issued;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.TransportSocketMatch;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.core.v3.UpstreamHttpProtocolOptions;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ForwardClientCertDetails;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.SetCurrentClientCertDetails;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What upstreams see of TLS, all by configuration over the wire. */
class TlsStoriesTest {

    private static final TestCa CA = TestCa.create();
    private static final String CLIENT = "spiffe://shop/client";

    private final FakeControlPlane controlPlane = FakeControlPlane.start();
    private final EmbeddedProxy proxy = EmbeddedProxy.following(controlPlane.port());
    private final TellingUpstream telling = new TellingUpstream(CA, CA.wildcard("*.shop"));

    @AfterEach
    void stop() {
        proxy.close();
        controlPlane.close();
        telling.close();
    }

    private static DataSource inline(String text) {
        return DataSource.newBuilder().setInlineString(text).build();
    }

    private static TransportSocket socket(Message config) {
        return TransportSocket.newBuilder()
                .setName("tls")
                .setTypedConfig(Any.pack(config))
                .build();
    }

    /** Believes the authority, and shows that certificate if there is one. */
    private static CommonTlsContext.Builder common(Issued own) {
        CommonTlsContext.Builder common = CommonTlsContext.newBuilder()
                .setValidationContext(CertificateValidationContext.newBuilder().setTrustedCa(inline(CA.pem())));
        if (own != null) {
            common.addTlsCertificates(TlsCertificate.newBuilder()
                    .setCertificateChain(inline(own.chainPem()))
                    .setPrivateKey(inline(own.keyPem())));
        }
        return common;
    }

    private static TransportSocket asking(Issued own, String sni) {
        return socket(UpstreamTlsContext.newBuilder()
                .setSni(sni)
                .setCommonTlsContext(common(own))
                .build());
    }

    private void forwarding(String version, ForwardClientCertDetails how, SetCurrentClientCertDetails details) {
        Listener.Builder in = listener(
                "in",
                0,
                manager()
                        .setRouteConfig(routes("all", "pay"))
                        .setForwardClientCertDetails(how)
                        .setSetCurrentClientCertDetails(details)
                        .build())
                .toBuilder();
        in.getFilterChainsBuilder(0)
                .setTransportSocket(socket(DownstreamTlsContext.newBuilder()
                        .setRequireClientCertificate(BoolValue.of(true))
                        .setCommonTlsContext(common(CA.dns("in.shop", "spiffe://shop/in")))
                        .build()));
        controlPlane.publish(TypeUrl.LISTENER, version, in.build());
    }

    /** Asks as a client that has a certificate, and that says something of itself. */
    private String askByTls() throws IOException {
        try (SSLSocket client = (SSLSocket) CA.context(CA.spiffe(CLIENT))
                .getSocketFactory()
                .createSocket("127.0.0.1", proxy.listener("in").getPort())) {
            client.setSoTimeout(10_000);
            client.getOutputStream()
                    .write(
                            "GET / HTTP/1.1\r\nHost: a.shop\r\nX-Forwarded-Client-Cert: URI=spiffe://shop/boss\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void clientsCertificate_isToldToTheUpstream_asTheListenerSaysAtTheTime() throws Exception {
        controlPlane.publish(
                TypeUrl.CLUSTER,
                "c1",
                staticCluster("pay", telling.port()).toBuilder()
                        .setTransportSocket(asking(CA.dns("proxy.shop"), "pay.shop"))
                        .build());
        forwarding(
                "l1",
                ForwardClientCertDetails.SANITIZE_SET,
                SetCurrentClientCertDetails.newBuilder()
                        .setUri(true)
                        .setSubject(BoolValue.of(true))
                        .build());
        proxy.awaitReady();
        assertThat(askByTls())
                .startsWith("HTTP/1.1 200")
                .contains("sni=pay.shop\n", "peer=CN=proxy.shop\n")
                .containsPattern("\nx-forwarded-client-cert: by=spiffe://shop/in;hash=[0-9a-f]{64};"
                        + "subject=\"cn=workload\";uri=" + CLIENT + "\n");

        forwarding(
                "l2",
                ForwardClientCertDetails.APPEND_FORWARD,
                SetCurrentClientCertDetails.newBuilder().setUri(true).build());
        await().untilAsserted(() -> assertThat(askByTls())
                .containsPattern("\nx-forwarded-client-cert: uri=spiffe://shop/boss,"
                        + "by=spiffe://shop/in;hash=[0-9a-f]{64};uri=" + CLIENT + "\n"));

        forwarding("l3", ForwardClientCertDetails.SANITIZE, SetCurrentClientCertDetails.getDefaultInstance());
        await().untilAsserted(
                        () -> assertThat(askByTls()).startsWith("HTTP/1.1 200").doesNotContain("client-cert"));
    }

    private String askFor(String host) throws IOException {
        try (RawClient client = new RawClient(proxy.listener("in"))) {
            return client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                    .readToEnd();
        }
    }

    private void naming(String version, UpstreamHttpProtocolOptions.Builder naming) {
        HttpProtocolOptions options = HttpProtocolOptions.newBuilder()
                .setUpstreamHttpProtocolOptions(naming)
                .setExplicitHttpConfig(ExplicitHttpConfig.newBuilder()
                        .setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance()))
                .build();
        controlPlane.publish(
                TypeUrl.CLUSTER,
                version,
                staticCluster("pay", telling.port()).toBuilder()
                        .setTransportSocket(asking(null, ""))
                        .putTypedExtensionProtocolOptions(
                                "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", Any.pack(options))
                        .build());
    }

    @Test
    void requestsName_isAskedFor_andTheCertificateHeldToIt() throws Exception {
        naming("c1", UpstreamHttpProtocolOptions.newBuilder().setAutoSni(true).setAutoSanValidation(true));
        controlPlane.publish(TypeUrl.LISTENER, "l1", httpListener("in", 0, routes("all", "pay")));
        proxy.awaitReady();
        assertThat(askFor("a.shop")).startsWith("HTTP/1.1 200").contains("sni=a.shop\n", "peer=none\n");
        assertThat(askFor("b.shop:8080")).startsWith("HTTP/1.1 200").contains("sni=b.shop\n");
        assertThat(askFor("a.market")).startsWith("HTTP/1.1 503");

        naming("c2", UpstreamHttpProtocolOptions.newBuilder().setAutoSni(true));
        await().untilAsserted(() ->
                assertThat(askFor("a.market")).startsWith("HTTP/1.1 200").contains("sni=a.market\n"));

        naming("c3", UpstreamHttpProtocolOptions.newBuilder());
        await().untilAsserted(() -> assertThat(askFor("a.market")).contains("sni=none\n"));
    }

    private static Struct wanting(String security) {
        return Struct.newBuilder()
                .putFields(
                        "security", Value.newBuilder().setStringValue(security).build())
                .build();
    }

    private static TransportSocketMatch match(String name, Struct wanted, TransportSocket socket) {
        return TransportSocketMatch.newBuilder()
                .setName(name)
                .setMatch(wanted)
                .setTransportSocket(socket)
                .build();
    }

    /** The first endpoint as it is, the second as said by metadata. */
    private static ClusterLoadAssignment chosen(int plain, int other, String security) {
        ClusterLoadAssignment.Builder both = endpoints("pay", plain, other).toBuilder();
        both.getEndpointsBuilder(0)
                .getLbEndpointsBuilder(1)
                .setMetadata(
                        Metadata.newBuilder().putFilterMetadata("envoy.transport_socket_match", wanting(security)));
        return both.build();
    }

    @Test
    void endpointsMetadata_choosesHowItIsSpokenTo_andMayChange() throws Exception {
        Cluster cluster = edsCluster("pay").toBuilder()
                .addTransportSocketMatches(
                        match("mutual", wanting("mutual"), asking(CA.dns("proxy.shop"), "mutual.shop")))
                .addTransportSocketMatches(match("simple", wanting("simple"), asking(null, "simple.shop")))
                .addTransportSocketMatches(
                        match("plain", Struct.getDefaultInstance(), socket(RawBuffer.getDefaultInstance())))
                .build();
        try (FakeUpstream plain = FakeUpstream.named("plain")) {
            int port = plain.address().getPort();
            controlPlane.publish(TypeUrl.CLUSTER, "c1", cluster);
            controlPlane.publish(TypeUrl.ENDPOINT, "e1", chosen(port, telling.port(), "mutual"));
            controlPlane.publish(TypeUrl.LISTENER, "l1", httpListener("in", 0, routes("all", "pay")));
            proxy.awaitReady();
            assertThat(both()).containsExactlyInAnyOrder("plain", "sni=mutual.shop peer=CN=proxy.shop");

            controlPlane.publish(TypeUrl.ENDPOINT, "e2", chosen(port, telling.port(), "simple"));
            await().untilAsserted(
                            () -> assertThat(both()).containsExactlyInAnyOrder("plain", "sni=simple.shop peer=none"));
        }
    }

    /** Who answers, by a few requests in a row. */
    private Set<String> both() throws IOException {
        Set<String> answers = new HashSet<>();
        for (int i = 0; i < 6; i++) {
            String answer = askFor("a.shop");
            assertThat(answer).startsWith("HTTP/1.1 200");
            String[] lines = answer.substring(answer.indexOf("\r\n\r\n") + 4).split("\n");
            answers.add(lines.length == 1 ? lines[0] : lines[0] + " " + lines[1]);
        }
        return answers;
    }
}
