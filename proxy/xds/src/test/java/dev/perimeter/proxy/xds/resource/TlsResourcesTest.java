package dev.perimeter.proxy.xds.resource;

import static dev.perimeter.proxy.testkit.xds.Resources.listener;
import static dev.perimeter.proxy.testkit.xds.Resources.manager;
import static dev.perimeter.proxy.testkit.xds.Resources.routes;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.ClusterConfig.EndpointSource;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.cluster.UpstreamProtocol.Naming;
import dev.perimeter.proxy.cluster.UpstreamTransport;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.snapshot.ClientCertForwarding;
import dev.perimeter.proxy.snapshot.HttpManagerConfig;
import dev.perimeter.proxy.snapshot.ListenerConfig;
import dev.perimeter.proxy.testkit.TestCa;
import dev.perimeter.proxy.testkit.TestCa.Issued;
import dev.perimeter.proxy.tls.ValidationContext;
import dev.perimeter.proxy.xds.TestCatalogue;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.TransportSocketMatch;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.EnvoyInternalAddress;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.core.v3.UpstreamHttpProtocolOptions;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ForwardClientCertDetails;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.SetCurrentClientCertDetails;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose TLS, whose certificate and whose name: as configuration says it. */
class TlsResourcesTest {

    private static final String OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    private static TransportSocket socket(Message config) {
        return TransportSocket.newBuilder()
                .setName("any")
                .setTypedConfig(Any.pack(config))
                .build();
    }

    private static Struct struct(String key, Value.Builder value) {
        return Struct.newBuilder().putFields(key, value.build()).build();
    }

    private static Cluster matching(TransportSocketMatch... matches) {
        Cluster.Builder cluster =
                staticCluster("pay", 80, 81).toBuilder().addAllTransportSocketMatches(List.of(matches));
        cluster.getLoadAssignmentBuilder()
                .getEndpointsBuilder(0)
                .getLbEndpointsBuilder(1)
                .setMetadata(Metadata.newBuilder()
                        .putFilterMetadata(
                                "envoy.transport_socket_match",
                                struct("tls", Value.newBuilder().setBoolValue(true))));
        return cluster.build();
    }

    private static TransportSocketMatch match(String name, Struct wanted, Message config) {
        return TransportSocketMatch.newBuilder()
                .setName(name)
                .setMatch(wanted)
                .setTransportSocket(socket(config))
                .build();
    }

    private static ClusterConfig cluster(Cluster cluster) {
        return switch (TestCatalogue.reader().cluster(Any.pack(cluster))) {
            case Parsed.Ok<Resource<ClusterConfig>>(Resource<ClusterConfig> read) -> read.value();
            case Parsed.Bad<Resource<ClusterConfig>> bad -> throw new AssertionError(bad.sentence());
        };
    }

    private static String refusal(Parsed<?> parsed) {
        return parsed instanceof Parsed.Bad<?> bad ? bad.sentence() : "accepted";
    }

    private static List<Endpoint> endpoints(ClusterConfig config) {
        return ((EndpointSource.Inline) config.endpoints()).endpoints().endpoints();
    }

    @Test
    void endpointMetadata_chooseTheTransport() {
        ClusterConfig config = cluster(matching(
                match(
                        "secured",
                        struct("tls", Value.newBuilder().setBoolValue(true)),
                        UpstreamTlsContext.newBuilder().setSni("a").build()),
                match("all", Struct.getDefaultInstance(), RawBuffer.getDefaultInstance())));
        assertThat(config.transport().at(endpoints(config).get(0))).isEqualTo(UpstreamTransport.PLAIN);
        assertThat(config.transport().at(endpoints(config).get(1)).tls().sni()).isEqualTo("a");
        assertThat(config.transport().everyTls()).hasSize(1);
    }

    @Test
    void twoMatchesOfOneName_areRefused() {
        TransportSocketMatch one = match("one", Struct.getDefaultInstance(), RawBuffer.getDefaultInstance());
        assertThat(refusal(TestCatalogue.reader().cluster(Any.pack(matching(one, one)))))
                .isEqualTo("transport_socket_matches[1].name: `one` is there twice");
    }

    private static Cluster named(UpstreamHttpProtocolOptions naming) {
        HttpProtocolOptions options = HttpProtocolOptions.newBuilder()
                .setUpstreamHttpProtocolOptions(naming)
                .setExplicitHttpConfig(ExplicitHttpConfig.newBuilder()
                        .setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance()))
                .build();
        return staticCluster("pay", 80).toBuilder()
                .setTransportSocket(socket(UpstreamTlsContext.getDefaultInstance()))
                .putTypedExtensionProtocolOptions(OPTIONS, Any.pack(options))
                .build();
    }

    @Test
    void autoSni_namesTheRequest_andValidationLooksForThatName() {
        ClusterConfig config = cluster(named(UpstreamHttpProtocolOptions.newBuilder()
                .setAutoSni(true)
                .setAutoSanValidation(true)
                .setOverrideAutoSniHeader("x-name")
                .build()));
        assertThat(config.protocol().naming()).isEqualTo(new Naming("x-name"));
        assertThat(config.transport().tls().sniIsSan()).isTrue();
        assertThat(cluster(named(UpstreamHttpProtocolOptions.getDefaultInstance()))
                        .protocol()
                        .naming())
                .isNull();
    }

    @Test
    void validationWithoutAName_isRefused() {
        Cluster wrong = named(UpstreamHttpProtocolOptions.newBuilder()
                .setAutoSanValidation(true)
                .build());
        assertThat(refusal(TestCatalogue.reader().cluster(Any.pack(wrong))))
                .isEqualTo("typed_extension_protocol_options[" + OPTIONS + "].upstream_http_protocol_options"
                        + ".auto_san_validation: needs auto_sni, which says what name to look for");
    }

    @Test
    void clientCertificates_areToldAsTheManagerSays() {
        HttpConnectionManager manager = manager()
                .setRouteConfig(routes("in", "pay"))
                .setForwardClientCertDetails(ForwardClientCertDetails.APPEND_FORWARD)
                .setSetCurrentClientCertDetails(SetCurrentClientCertDetails.newBuilder()
                        .setSubject(BoolValue.of(true))
                        .setUri(true)
                        .setDns(true))
                .build();
        var read = (Parsed.Ok<Resource<ListenerConfig>>)
                TestCatalogue.reader().listener(Any.pack(listener("in", 8080, manager)));
        HttpManagerConfig config =
                (HttpManagerConfig) read.value().value().chains().getFirst().handling();
        assertThat(config.edge().clientCert())
                .isEqualTo(new ClientCertForwarding(
                        ClientCertForwarding.Mode.APPEND_FORWARD,
                        new ClientCertForwarding.Details(false, false, true, true, true)));
    }

    private static Parsed<Resource<dev.perimeter.proxy.tls.Secret>> validation(
            CertificateValidationContext.Builder context) {
        return TestCatalogue.reader()
                .secret(Any.pack(Secret.newBuilder()
                        .setName("trust")
                        .setValidationContext(context)
                        .build()));
    }

    private static DataSource inline(String text) {
        return DataSource.newBuilder().setInlineString(text).build();
    }

    @Test
    void revocationLists_areRead_orRefusedByTheirPath() {
        TestCa ca = TestCa.create();
        CertificateValidationContext.Builder context = CertificateValidationContext.newBuilder()
                .setTrustedCa(inline(ca.pem()))
                .setCrl(inline(ca.revoking()))
                .setOnlyVerifyLeafCertCrl(true);
        var read = (Parsed.Ok<Resource<dev.perimeter.proxy.tls.Secret>>) validation(context);
        assertThat(((ValidationContext) read.value().value()).revoked().leafOnly())
                .isTrue();
        assertThat(refusal(validation(context.setCrl(inline("nothing")))))
                .isEqualTo("validation_context.crl: holds no revocation list in PEM");
    }

    /** Envoy's rule as well: which would be shown is a server's choice, by what the client offers. */
    @Test
    void twoCertificatesForUpstreams_areRefused() {
        TestCa ca = TestCa.create();
        CommonTlsContext.Builder common = CommonTlsContext.newBuilder();
        for (Issued own : List.of(ca.rsa("a"), ca.dns("a"))) {
            common.addTlsCertificates(TlsCertificate.newBuilder()
                    .setCertificateChain(inline(own.chainPem()))
                    .setPrivateKey(inline(own.keyPem())));
        }
        Cluster wrong = staticCluster("pay", 80).toBuilder()
                .setTransportSocket(socket(UpstreamTlsContext.newBuilder()
                        .setCommonTlsContext(common)
                        .build()))
                .build();
        assertThat(refusal(TestCatalogue.reader().cluster(Any.pack(wrong))))
                .isEqualTo("transport_socket.typed_config.common_tls_context.tls_certificates:"
                        + " must hold no more than one for upstreams, not 2");
    }

    @Test
    void endpoint_mayBeAListenerOfThisProxy() {
        Cluster.Builder cluster = staticCluster("inside").toBuilder();
        LbEndpoint.Builder endpoint =
                cluster.getLoadAssignmentBuilder().getEndpointsBuilder(0).addLbEndpointsBuilder();
        endpoint.getEndpointBuilder()
                .setAddress(Address.newBuilder()
                        .setEnvoyInternalAddress(
                                EnvoyInternalAddress.newBuilder().setServerListenerName("in")));
        assertThat(endpoints(cluster(cluster.build())).getFirst().address().getHostString())
                .isEqualTo("envoy://in");
    }
}
