package dev.perimeter.proxy.xds.resource.tls;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.tls.Secret;
import dev.perimeter.proxy.tls.SessionTicketKeys;
import dev.perimeter.proxy.tls.TlsCertificate;
import dev.perimeter.proxy.tls.context.Pem;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsSessionTicketKeys;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The things that come by SDS, or stand in place of it. */
public final class SecretReader {

    private static final int TICKET_KEY = 80;

    static final FieldList CERTIFICATE = FieldList.of(
                    io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate::getDescriptor)
            .inside(
                    io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate
                            .CERTIFICATE_CHAIN_FIELD_NUMBER,
                    DataSources.FIELDS)
            .inside(
                    io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate.PRIVATE_KEY_FIELD_NUMBER,
                    DataSources.FIELDS)
            .inside(
                    io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate
                            .WATCHED_DIRECTORY_FIELD_NUMBER,
                    DataSources.WATCHED);

    static final FieldList TICKETS = FieldList.of(TlsSessionTicketKeys::getDescriptor)
            .inside(TlsSessionTicketKeys.KEYS_FIELD_NUMBER, DataSources.FIELDS);

    public static final FieldList FIELDS = FieldList.of(
                    io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret::getDescriptor)
            .honoured(io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret.NAME_FIELD_NUMBER)
            .inside(
                    io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret.TLS_CERTIFICATE_FIELD_NUMBER,
                    CERTIFICATE)
            .inside(
                    io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret.SESSION_TICKET_KEYS_FIELD_NUMBER,
                    TICKETS)
            .inside(
                    io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret.VALIDATION_CONTEXT_FIELD_NUMBER,
                    ValidationReader.FIELDS);

    private SecretReader() {}

    /** The secret, or null when it was refused. */
    public static @Nullable Secret read(
            io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret secret, Place place) {
        return switch (secret.getTypeCase()) {
            case TLS_CERTIFICATE -> certificate(secret.getTlsCertificate(), place.in("tls_certificate"));
            case SESSION_TICKET_KEYS -> tickets(secret.getSessionTicketKeys(), place.in("session_ticket_keys"));
            case VALIDATION_CONTEXT ->
                ValidationReader.read(secret.getValidationContext(), place.in("validation_context"));
            default -> {
                place.refuse("needs tls_certificate, session_ticket_keys or validation_context");
                yield null;
            }
        };
    }

    static TlsCertificate certificate(
            io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate certificate, Place place) {
        return new TlsCertificate(
                DataSources.read(certificate.getCertificateChain(), Pem::certificates, place.in("certificate_chain")),
                DataSources.read(certificate.getPrivateKey(), Pem::key, place.in("private_key")));
    }

    static SessionTicketKeys tickets(TlsSessionTicketKeys keys, Place place) {
        List<dev.perimeter.proxy.tls.DataSource> read = new ArrayList<>();
        for (int i = 0; i < keys.getKeysCount(); i++) {
            read.add(DataSources.read(keys.getKeys(i), SecretReader::ticketKey, place.in("keys", i)));
        }
        if (read.isEmpty()) {
            place.in("keys").refuse("must not be empty");
        }
        return new SessionTicketKeys(List.copyOf(read));
    }

    private static Parsed<String> ticketKey(String key) {
        return key.length() == TICKET_KEY
                ? new Parsed.Ok<>(key)
                : new Parsed.Bad<>("", "must be " + TICKET_KEY + " bytes, but is " + key.length());
    }
}
