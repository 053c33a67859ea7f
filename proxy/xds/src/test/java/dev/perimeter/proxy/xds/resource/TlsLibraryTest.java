package dev.perimeter.proxy.xds.resource;

import static dev.perimeter.proxy.testkit.xds.Resources.listener;
import static dev.perimeter.proxy.testkit.xds.Resources.manager;
import static dev.perimeter.proxy.testkit.xds.Resources.routes;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.testkit.TestCa;
import dev.perimeter.proxy.testkit.TestCa.Issued;
import dev.perimeter.proxy.tls.TlsLibrary;
import dev.perimeter.proxy.xds.TestCatalogue;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsSessionTicketKeys;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Fields that only BoringSSL can honour are honoured by it, and refused by their path where the JDK does TLS. */
class TlsLibraryTest {

    private static final Issued OWN = TestCa.create().dns("a");

    private static DataSource inline(String text) {
        return DataSource.newBuilder().setInlineString(text).build();
    }

    private static DownstreamTlsContext.Builder server() {
        return DownstreamTlsContext.newBuilder().setCommonTlsContext(common(TlsParameters.getDefaultInstance()));
    }

    private static CommonTlsContext common(TlsParameters parameters) {
        return CommonTlsContext.newBuilder()
                .setTlsParams(parameters)
                .addTlsCertificates(TlsCertificate.newBuilder()
                        .setCertificateChain(inline(OWN.chainPem()))
                        .setPrivateKey(inline(OWN.keyPem())))
                .build();
    }

    static Stream<Arguments> onlyBoringSsl() {
        String parameters = "common_tls_context.tls_params.";
        return Stream.of(
                arguments(
                        "session_ticket_keys",
                        server().setSessionTicketKeys(
                                        TlsSessionTicketKeys.newBuilder().addKeys(inline("k".repeat(80))))
                                .build()),
                arguments(
                        "session_ticket_keys_sds_secret_config",
                        server().setSessionTicketKeysSdsSecretConfig(SdsSecretConfig.newBuilder()
                                        .setName("keys")
                                        .setSdsConfig(ConfigSource.newBuilder()
                                                .setAds(AggregatedConfigSource.getDefaultInstance())))
                                .build()),
                arguments(
                        "disable_stateless_session_resumption",
                        server().setDisableStatelessSessionResumption(true).build()),
                arguments(
                        "disable_stateful_session_resumption",
                        server().setDisableStatefulSessionResumption(true).build()),
                arguments(
                        parameters + "tls_minimum_protocol_version",
                        server().setCommonTlsContext(common(TlsParameters.newBuilder()
                                        .setTlsMinimumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_0)
                                        .build()))
                                .build()),
                arguments(
                        parameters + "ecdh_curves[0]",
                        server().setCommonTlsContext(common(TlsParameters.newBuilder()
                                        .addEcdhCurves("X25519MLKEM768")
                                        .build()))
                                .build()),
                arguments(
                        "max_session_keys",
                        UpstreamTlsContext.newBuilder()
                                .setMaxSessionKeys(UInt32Value.of(0))
                                .build()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void onlyBoringSsl(String path, Message context) {
        assertThat(read(context, TlsLibrary.BORINGSSL)).isEqualTo("accepted");
        String parent = context instanceof UpstreamTlsContext ? "" : "filter_chains[0].";
        assertThat(read(context, TlsLibrary.JDK))
                .startsWith(parent + "transport_socket.typed_config." + path
                        + ": needs BoringSSL, but here the JDK does TLS: ");
    }

    private static String read(Message context, TlsLibrary library) {
        TransportSocket socket = TransportSocket.newBuilder()
                .setName("tls")
                .setTypedConfig(Any.pack(context))
                .build();
        ResourceReader reader = TestCatalogue.reader(library);
        Parsed<?> read;
        if (context instanceof UpstreamTlsContext) {
            read = reader.cluster(Any.pack(staticCluster("pay", 80).toBuilder()
                    .setTransportSocket(socket)
                    .build()));
        } else {
            Listener.Builder in =
                    listener(
                            "in",
                            8080,
                            manager().setRouteConfig(routes("in", "pay")).build())
                            .toBuilder();
            in.getFilterChainsBuilder(0).setTransportSocket(socket);
            read = reader.listener(Any.pack(in.build()));
        }
        return read instanceof Parsed.Bad<?> bad ? bad.sentence() : "accepted";
    }
}
