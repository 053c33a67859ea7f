package dev.perimeter.proxy.xds.resource.tls;

import com.google.protobuf.Any;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.cluster.UpstreamTransport;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.snapshot.DownstreamTransport;
import dev.perimeter.proxy.tls.DownstreamTls;
import dev.perimeter.proxy.tls.Secret;
import dev.perimeter.proxy.tls.SessionTicketKeys;
import dev.perimeter.proxy.tls.TlsSettings;
import dev.perimeter.proxy.tls.TlsSettings.Parameters;
import dev.perimeter.proxy.tls.UpstreamTls;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Messages;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolConfig;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.time.Duration;

/** What bytes come in and go out in: as they are, in TLS, behind the header of a relay. */
public final class TransportSocketReader {

    private static final String PACKAGE = "type.googleapis.com/envoy.extensions.transport_sockets.";
    private static final String RAW = PACKAGE + "raw_buffer.v3.RawBuffer";
    private static final String DOWNSTREAM = PACKAGE + "tls.v3.DownstreamTlsContext";
    private static final String UPSTREAM = PACKAGE + "tls.v3.UpstreamTlsContext";
    private static final String PROXY = PACKAGE + "proxy_protocol.v3.ProxyProtocolUpstreamTransport";

    public static final FieldList FIELDS = FieldList.of(TransportSocket::getDescriptor)
            .honoured(TransportSocket.NAME_FIELD_NUMBER, TransportSocket.TYPED_CONFIG_FIELD_NUMBER);

    private static final FieldList RAW_FIELDS = FieldList.of(RawBuffer::getDescriptor);

    public static final FieldList SERVER = FieldList.of(DownstreamTlsContext::getDescriptor)
            .honoured(
                    DownstreamTlsContext.REQUIRE_CLIENT_CERTIFICATE_FIELD_NUMBER,
                    DownstreamTlsContext.REQUIRE_SNI_FIELD_NUMBER,
                    DownstreamTlsContext.DISABLE_STATELESS_SESSION_RESUMPTION_FIELD_NUMBER,
                    DownstreamTlsContext.DISABLE_STATEFUL_SESSION_RESUMPTION_FIELD_NUMBER,
                    DownstreamTlsContext.SESSION_TIMEOUT_FIELD_NUMBER,
                    DownstreamTlsContext.FULL_SCAN_CERTS_ON_SNI_MISMATCH_FIELD_NUMBER)
            .inside(DownstreamTlsContext.COMMON_TLS_CONTEXT_FIELD_NUMBER, CommonTlsReader.FIELDS)
            .inside(DownstreamTlsContext.SESSION_TICKET_KEYS_FIELD_NUMBER, SecretReader.TICKETS)
            .inside(DownstreamTlsContext.SESSION_TICKET_KEYS_SDS_SECRET_CONFIG_FIELD_NUMBER, CommonTlsReader.SDS);

    public static final FieldList CLIENT = FieldList.of(UpstreamTlsContext::getDescriptor)
            .honoured(
                    UpstreamTlsContext.SNI_FIELD_NUMBER,
                    UpstreamTlsContext.AUTO_HOST_SNI_FIELD_NUMBER,
                    UpstreamTlsContext.AUTO_SNI_SAN_VALIDATION_FIELD_NUMBER,
                    UpstreamTlsContext.MAX_SESSION_KEYS_FIELD_NUMBER)
            .inside(UpstreamTlsContext.COMMON_TLS_CONTEXT_FIELD_NUMBER, CommonTlsReader.FIELDS);

    public static final FieldList PROXY_FIELDS = FieldList.of(ProxyProtocolUpstreamTransport::getDescriptor)
            .inside(
                    ProxyProtocolUpstreamTransport.CONFIG_FIELD_NUMBER,
                    FieldList.of(ProxyProtocolConfig::getDescriptor).honoured(ProxyProtocolConfig.VERSION_FIELD_NUMBER))
            .inside(ProxyProtocolUpstreamTransport.TRANSPORT_SOCKET_FIELD_NUMBER, FIELDS)
            // A connection without addresses says so in any case.
            .harmless(ProxyProtocolUpstreamTransport.ALLOW_UNSPECIFIED_ADDRESS_FIELD_NUMBER);

    private TransportSocketReader() {}

    /** Of a filter chain. */
    public static DownstreamTransport downstream(TransportSocket socket, Place parent) {
        Place place = parent.in("typed_config");
        Any config = socket.getTypedConfig();
        switch (config.getTypeUrl()) {
            case RAW -> Messages.read(config, RawBuffer.parser(), RAW_FIELDS, place);
            case DOWNSTREAM -> {
                DownstreamTlsContext context = Messages.read(config, DownstreamTlsContext.parser(), SERVER, place);
                if (context != null) {
                    return new DownstreamTransport.Tls(server(context, place));
                }
            }
            default ->
                place.refuse("no transport socket for clients reads `" + config.getTypeUrl() + "`; known are "
                        + DOWNSTREAM + " and " + RAW);
        }
        return DownstreamTransport.PLAIN;
    }

    private static DownstreamTls server(DownstreamTlsContext context, Place place) {
        Secret.Reference<SessionTicketKeys> tickets = null;
        if (context.hasSessionTicketKeys()) {
            tickets = new Secret.Given<>(
                    SecretReader.tickets(context.getSessionTicketKeys(), place.in("session_ticket_keys")));
        } else if (context.hasSessionTicketKeysSdsSecretConfig()) {
            tickets = CommonTlsReader.sds(
                    context.getSessionTicketKeysSdsSecretConfig(), place.in("session_ticket_keys_sds_secret_config"));
        }
        Place common = place.in("common_tls_context");
        DownstreamTls read = new DownstreamTls(
                CommonTlsReader.read(context.getCommonTlsContext(), Parameters.SERVER, common),
                context.getRequireClientCertificate().getValue(),
                context.getRequireSni().getValue(),
                context.getFullScanCertsOnSniMismatch().getValue(),
                tickets,
                !context.getDisableStatelessSessionResumption(),
                !context.getDisableStatefulSessionResumption(),
                context.hasSessionTimeout()
                        ? Amounts.notNegative(context.getSessionTimeout(), place.in("session_timeout"))
                        : Duration.ZERO);
        if (read.settings().certificates().isEmpty()) {
            common.refuse("needs tls_certificates or tls_certificate_sds_secret_configs");
        }
        if (place.tls().check(read) instanceof Parsed.Bad<DownstreamTls> bad) {
            place.refuse(bad.path(), bad.reason());
        }
        return read;
    }

    /** Of a cluster. */
    public static UpstreamTransport upstream(TransportSocket socket, Place parent) {
        Place place = parent.in("typed_config");
        Any config = socket.getTypedConfig();
        switch (config.getTypeUrl()) {
            case RAW -> Messages.read(config, RawBuffer.parser(), RAW_FIELDS, place);
            case UPSTREAM -> {
                UpstreamTlsContext context = Messages.read(config, UpstreamTlsContext.parser(), CLIENT, place);
                if (context != null) {
                    return new UpstreamTransport.Tls(client(context, place));
                }
            }
            case PROXY -> {
                ProxyProtocolUpstreamTransport wrapper =
                        Messages.read(config, ProxyProtocolUpstreamTransport.parser(), PROXY_FIELDS, place);
                if (wrapper != null) {
                    int version = wrapper.getConfig().getVersion() == ProxyProtocolConfig.Version.V2 ? 2 : 1;
                    UpstreamTransport inner = wrapper.hasTransportSocket()
                            ? upstream(wrapper.getTransportSocket(), place.in("transport_socket"))
                            : UpstreamTransport.PLAIN;
                    return new UpstreamTransport.ProxyProtocol(version, inner);
                }
            }
            default ->
                place.refuse("no transport socket for upstreams reads `" + config.getTypeUrl() + "`; known are "
                        + UPSTREAM + ", " + PROXY + " and " + RAW);
        }
        return UpstreamTransport.PLAIN;
    }

    private static UpstreamTls client(UpstreamTlsContext context, Place place) {
        if (context.getAutoSniSanValidation() && context.getSni().isEmpty() && !context.getAutoHostSni()) {
            place.in("auto_sni_san_validation").refuse("needs sni or auto_host_sni");
        }
        Place common = place.in("common_tls_context");
        TlsSettings settings = CommonTlsReader.read(context.getCommonTlsContext(), Parameters.CLIENT, common);
        if (settings.certificates().size() > 1) {
            common.in(
                            context.getCommonTlsContext().getTlsCertificatesCount() > 0
                                    ? "tls_certificates"
                                    : "tls_certificate_sds_secret_configs")
                    .refuse("must hold no more than one for upstreams, not "
                            + settings.certificates().size());
        }
        UpstreamTls read = new UpstreamTls(
                settings,
                context.getSni(),
                context.getAutoHostSni(),
                context.getAutoSniSanValidation(),
                context.hasMaxSessionKeys() ? Amounts.limit(context.getMaxSessionKeys()) : 1);
        if (place.tls().check(read) instanceof Parsed.Bad<UpstreamTls> bad) {
            place.refuse(bad.path(), bad.reason());
        }
        return read;
    }
}
