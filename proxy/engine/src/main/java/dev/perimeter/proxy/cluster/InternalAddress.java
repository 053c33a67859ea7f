package dev.perimeter.proxy.cluster;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The address of a listener within this proxy (Envoy: envoy_internal_address), in the place of an endpoint's address: an
 * unresolved one whose host no host can have, so that pools and logs need not know that there are two kinds.
 */
public final class InternalAddress {

    private static final String SCHEME = "envoy://";

    private InternalAddress() {}

    public static InetSocketAddress of(String listener) {
        return InetSocketAddress.createUnresolved(SCHEME + listener, 1);
    }

    /** The listener's name, or null for the address of a host. */
    public static @Nullable String listener(InetSocketAddress address) {
        String host = address.isUnresolved() ? address.getHostString() : "";
        return host.startsWith(SCHEME) ? host.substring(SCHEME.length()) : null;
    }

    /** The first listener that a cluster's endpoints name, or null. */
    public static @Nullable String listener(EndpointSet endpoints) {
        for (EndpointSet.Endpoint endpoint : endpoints.endpoints()) {
            String listener = listener(endpoint.address());
            if (listener != null) {
                return listener;
            }
        }
        return null;
    }
}
