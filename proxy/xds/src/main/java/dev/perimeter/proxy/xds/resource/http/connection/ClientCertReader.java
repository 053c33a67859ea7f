package dev.perimeter.proxy.xds.resource.http.connection;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.snapshot.ClientCertForwarding;
import dev.perimeter.proxy.snapshot.ClientCertForwarding.Details;
import dev.perimeter.proxy.snapshot.ClientCertForwarding.Mode;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.SetCurrentClientCertDetails;

/** What upstreams are told of the client's certificate. */
final class ClientCertReader {

    static final FieldList DETAILS = FieldList.of(SetCurrentClientCertDetails::getDescriptor)
            .honoured(
                    SetCurrentClientCertDetails.SUBJECT_FIELD_NUMBER,
                    SetCurrentClientCertDetails.CERT_FIELD_NUMBER,
                    SetCurrentClientCertDetails.CHAIN_FIELD_NUMBER,
                    SetCurrentClientCertDetails.DNS_FIELD_NUMBER,
                    SetCurrentClientCertDetails.URI_FIELD_NUMBER);

    private ClientCertReader() {}

    static ClientCertForwarding read(HttpConnectionManager manager, Place place) {
        SetCurrentClientCertDetails details = manager.getSetCurrentClientCertDetails();
        return new ClientCertForwarding(
                mode(manager, place.in("forward_client_cert_details")),
                new Details(
                        details.getCert(),
                        details.getChain(),
                        details.getSubject().getValue(),
                        details.getUri(),
                        details.getDns()));
    }

    private static Mode mode(HttpConnectionManager manager, Place place) {
        return switch (manager.getForwardClientCertDetails()) {
            case SANITIZE -> Mode.SANITIZE;
            case FORWARD_ONLY -> Mode.FORWARD_ONLY;
            case APPEND_FORWARD -> Mode.APPEND_FORWARD;
            case SANITIZE_SET -> Mode.SANITIZE_SET;
            case ALWAYS_FORWARD_ONLY -> Mode.ALWAYS_FORWARD_ONLY;
            case UNRECOGNIZED -> {
                place.refuse(manager.getForwardClientCertDetailsValue() + " is not a known mode");
                yield Mode.SANITIZE;
            }
        };
    }
}
