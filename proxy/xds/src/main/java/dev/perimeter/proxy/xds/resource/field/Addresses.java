package dev.perimeter.proxy.xds.resource.field;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.cluster.InternalAddress;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.EnvoyInternalAddress;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** TCP addresses: an IP address and a port. */
public final class Addresses {

    private static final FieldList SOCKET_ADDRESS = FieldList.of(SocketAddress::getDescriptor)
            .honoured(
                    SocketAddress.PROTOCOL_FIELD_NUMBER,
                    SocketAddress.ADDRESS_FIELD_NUMBER,
                    SocketAddress.PORT_VALUE_FIELD_NUMBER);

    public static final FieldList FIELDS =
            FieldList.of(Address::getDescriptor).inside(Address.SOCKET_ADDRESS_FIELD_NUMBER, SOCKET_ADDRESS);

    private static final FieldList INTERNAL = FieldList.of(EnvoyInternalAddress::getDescriptor)
            .honoured(EnvoyInternalAddress.SERVER_LISTENER_NAME_FIELD_NUMBER)
            // Tells endpoints of one listener apart, which here are one.
            .harmless(EnvoyInternalAddress.ENDPOINT_ID_FIELD_NUMBER);

    /** An endpoint may also be a listener of this proxy. */
    public static final FieldList ENDPOINT_FIELDS = FieldList.of(Address::getDescriptor)
            .inside(Address.SOCKET_ADDRESS_FIELD_NUMBER, SOCKET_ADDRESS)
            .inside(Address.ENVOY_INTERNAL_ADDRESS_FIELD_NUMBER, INTERNAL);

    private static final InetSocketAddress NOWHERE = new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 0);

    private static final int DNS = 53;

    private Addresses() {}

    /** Where to connect to. */
    public static InetSocketAddress remote(Address address, Place place) {
        return remote(address, false, place);
    }

    /** A name server, whose protocol is its own affair; it listens on port 53 where nothing is said. */
    public static InetSocketAddress server(Address address, Place place) {
        SocketAddress socket = address.getSocketAddress();
        SocketAddress.Builder tcp = socket.toBuilder().setProtocol(SocketAddress.Protocol.TCP);
        if (socket.getPortValue() == 0) {
            tcp.setPortValue(DNS);
        }
        return read(address.toBuilder().setSocketAddress(tcp).build(), 1, false, place);
    }

    /** Where to connect to. @param names whether a host's name may stand there, which is then left unresolved */
    public static InetSocketAddress remote(Address address, boolean names, Place place) {
        if (address.hasEnvoyInternalAddress()) {
            String listener = address.getEnvoyInternalAddress().getServerListenerName();
            return InternalAddress.of(
                    Names.required(listener, place.in("envoy_internal_address").in("server_listener_name")));
        }
        return read(address, 1, names, place);
    }

    /** Where to listen; port 0 is any that is free. */
    public static InetSocketAddress local(Address address, Place place) {
        return read(address, 0, false, place);
    }

    private static InetSocketAddress read(Address address, int leastPort, boolean names, Place place) {
        if (!address.hasSocketAddress()) {
            place.refuse("needs a socket_address");
            return NOWHERE;
        }
        SocketAddress socket = address.getSocketAddress();
        Place here = place.in("socket_address");
        if (socket.getProtocolValue() != SocketAddress.Protocol.TCP_VALUE) {
            here.in("protocol").refuse("only TCP is supported yet");
        }
        int port = Amounts.between(leastPort, 65_535, socket.getPortValue(), here.in("port_value"));
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(socket.getAddress()), port);
        } catch (IllegalArgumentException notLiteral) {
            if (names && !socket.getAddress().isEmpty()) {
                return InetSocketAddress.createUnresolved(socket.getAddress(), port);
            }
            here.in("address")
                    .refuse("`" + socket.getAddress() + "` is not an IP address; names are not resolved here");
            return NOWHERE;
        }
    }
}
