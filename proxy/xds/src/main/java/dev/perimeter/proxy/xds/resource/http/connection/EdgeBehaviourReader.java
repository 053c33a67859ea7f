package dev.perimeter.proxy.xds.resource.http.connection;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.EdgeBehaviour;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.EdgeBehaviour.ServerHeader;
import dev.perimeter.proxy.xds.resource.field.AddressRanges;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.InternalAddressConfig;

/** What a connection manager does with the address, the request id and the name of the server. */
public final class EdgeBehaviourReader {

    /** What {@code server} says where the control plane gives no name. */
    private static final String SERVER_NAME = "perimeter";

    private static final FieldList INTERNAL = FieldList.of(InternalAddressConfig::getDescriptor)
            // No listener is a Unix socket.
            .harmless(InternalAddressConfig.UNIX_SOCKETS_FIELD_NUMBER)
            .inside(InternalAddressConfig.CIDR_RANGES_FIELD_NUMBER, AddressRanges.FIELDS);

    private EdgeBehaviourReader() {}

    public static FieldList honoured(FieldList fields) {
        return fields.honoured(
                        HttpConnectionManager.USE_REMOTE_ADDRESS_FIELD_NUMBER,
                        HttpConnectionManager.XFF_NUM_TRUSTED_HOPS_FIELD_NUMBER,
                        HttpConnectionManager.SKIP_XFF_APPEND_FIELD_NUMBER,
                        HttpConnectionManager.GENERATE_REQUEST_ID_FIELD_NUMBER,
                        HttpConnectionManager.PRESERVE_EXTERNAL_REQUEST_ID_FIELD_NUMBER,
                        HttpConnectionManager.ALWAYS_SET_REQUEST_ID_IN_RESPONSE_FIELD_NUMBER,
                        HttpConnectionManager.SERVER_HEADER_TRANSFORMATION_FIELD_NUMBER,
                        HttpConnectionManager.SERVER_NAME_FIELD_NUMBER,
                        HttpConnectionManager.VIA_FIELD_NUMBER,
                        HttpConnectionManager.FORWARD_CLIENT_CERT_DETAILS_FIELD_NUMBER)
                .inside(HttpConnectionManager.INTERNAL_ADDRESS_CONFIG_FIELD_NUMBER, INTERNAL)
                .inside(HttpConnectionManager.SET_CURRENT_CLIENT_CERT_DETAILS_FIELD_NUMBER, ClientCertReader.DETAILS);
    }

    public static EdgeBehaviour read(HttpConnectionManager manager, Place place) {
        return new EdgeBehaviour(
                manager.getUseRemoteAddress().getValue(),
                Amounts.between(
                        0,
                        100,
                        Integer.toUnsignedLong(manager.getXffNumTrustedHops()),
                        place.in("xff_num_trusted_hops")),
                manager.getSkipXffAppend(),
                !manager.hasGenerateRequestId()
                        || manager.getGenerateRequestId().getValue(),
                manager.getPreserveExternalRequestId(),
                manager.getAlwaysSetRequestIdInResponse(),
                serverHeader(manager, place.in("server_header_transformation")),
                manager.getServerName().isEmpty() ? SERVER_NAME : manager.getServerName(),
                ClientCertReader.read(manager, place),
                AddressRanges.read(
                        manager.getInternalAddressConfig().getCidrRangesList(),
                        "cidr_ranges",
                        place.in("internal_address_config")),
                via(manager.getVia(), place.in("via")));
    }

    private static String via(String name, Place place) {
        if (name.chars().anyMatch(c -> c < ' ' || c >= 0x7f)) {
            place.refuse("must be visible ASCII");
        }
        return name;
    }

    private static ServerHeader serverHeader(HttpConnectionManager manager, Place place) {
        return switch (manager.getServerHeaderTransformation()) {
            case OVERWRITE -> ServerHeader.OVERWRITE;
            case APPEND_IF_ABSENT -> ServerHeader.APPEND_IF_ABSENT;
            case PASS_THROUGH -> ServerHeader.PASS_THROUGH;
            case UNRECOGNIZED -> {
                place.refuse(manager.getServerHeaderTransformationValue() + " is not a known transformation");
                yield ServerHeader.OVERWRITE;
            }
        };
    }
}
