package dev.perimeter.proxy.sidecar.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Message;
import dev.perimeter.proxy.testkit.TestCa;
import dev.perimeter.proxy.testkit.TestCa.Issued;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher.SanType;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters.TlsProtocol;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** How the hops from client to server are secured. */
interface HopSecurity {

    /** One of two proxies in a row. */
    enum Hop {
        FIRST,
        SECOND
    }

    ChannelCredentials ofClient() throws IOException;

    ServerCredentials ofServer() throws IOException;

    void secure(Hop hop, Cluster.Builder cluster, FilterChain.Builder chain);

    /** Not at all. */
    final class None implements HopSecurity {

        @Override
        public ChannelCredentials ofClient() {
            return InsecureChannelCredentials.create();
        }

        @Override
        public ServerCredentials ofServer() {
            return InsecureServerCredentials.create();
        }

        @Override
        public void secure(Hop hop, Cluster.Builder cluster, FilterChain.Builder chain) {}
    }

    /** The client sees a name of the edge, the proxies each other's SPIFFE id, the second the server's name. */
    final class Tls implements HopSecurity {

        private static final String CALLER = "spiffe://shop/caller";
        private static final String CALLED = "spiffe://shop/called";

        private final TestCa ca = TestCa.create();

        @Override
        public ChannelCredentials ofClient() throws IOException {
            return TlsChannelCredentials.newBuilder()
                    .trustManager(stream(ca.pem()))
                    .build();
        }

        @Override
        public ServerCredentials ofServer() throws IOException {
            Issued own = ca.dns("server.test");
            return TlsServerCredentials.create(stream(own.chainPem()), stream(own.keyPem()));
        }

        @Override
        public void secure(Hop hop, Cluster.Builder cluster, FilterChain.Builder chain) {
            switch (hop) {
                case FIRST -> {
                    chain.setTransportSocket(serving(ca.dns("grpc.test"), null));
                    cluster.setTransportSocket(asking(ca.spiffe(CALLER), SanType.URI, CALLED));
                }
                case SECOND -> {
                    chain.setTransportSocket(serving(ca.spiffe(CALLED), CALLER));
                    cluster.setTransportSocket(asking(null, SanType.DNS, "server.test"));
                }
            }
        }

        private TransportSocket serving(Issued own, String client) {
            DownstreamTlsContext.Builder tls = DownstreamTlsContext.newBuilder();
            tls.getCommonTlsContextBuilder().addAlpnProtocols("h2").addTlsCertificates(certificate(own));
            if (client != null) {
                tls.setRequireClientCertificate(BoolValue.of(true));
                tls.getCommonTlsContextBuilder().setValidationContext(believing(SanType.URI, client));
            }
            return socket(tls.build());
        }

        private TransportSocket asking(Issued own, SanType type, String server) {
            CommonTlsContext.Builder common = CommonTlsContext.newBuilder()
                    .addAlpnProtocols("h2")
                    .setTlsParams(TlsParameters.newBuilder().setTlsMaximumProtocolVersion(TlsProtocol.TLSv1_3))
                    .setValidationContext(believing(type, server));
            if (own != null) {
                common.addTlsCertificates(certificate(own));
            }
            return socket(
                    UpstreamTlsContext.newBuilder().setCommonTlsContext(common).build());
        }

        private CertificateValidationContext believing(SanType type, String name) {
            return CertificateValidationContext.newBuilder()
                    .setTrustedCa(inline(ca.pem()))
                    .addMatchTypedSubjectAltNames(SubjectAltNameMatcher.newBuilder()
                            .setSanType(type)
                            .setMatcher(StringMatcher.newBuilder().setExact(name)))
                    .build();
        }

        private static TlsCertificate certificate(Issued own) {
            return TlsCertificate.newBuilder()
                    .setCertificateChain(inline(own.chainPem()))
                    .setPrivateKey(inline(own.keyPem()))
                    .build();
        }

        private static DataSource inline(String pem) {
            return DataSource.newBuilder().setInlineString(pem).build();
        }

        private static TransportSocket socket(Message config) {
            return TransportSocket.newBuilder()
                    .setName("envoy.transport_sockets.tls")
                    .setTypedConfig(Any.pack(config))
                    .build();
        }

        private static InputStream stream(String pem) {
            return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
