package dev.perimeter.controlplane.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A door of the mesh.
 *
 * @param gatewayClass the name of its class
 * @param listeners at least one, with distinct names
 * @param addresses the IP addresses to listen on; empty means all of them
 */
public record Gateway(Meta meta, String gatewayClass, List<Listener> listeners, List<String> addresses)
        implements MeshObject {
    public Gateway {
        listeners = List.copyOf(listeners);
        addresses = List.copyOf(addresses);
    }

    /**
     * One port and host name of the door; plain HTTP so far.
     *
     * @param name routes may ask for a listener by it ({@code sectionName})
     * @param hostname the hosts it is for: exact, or {@code *.example.com} for one or more labels; null for all
     * @param port 1 to 65535; several listeners may share one
     * @param routes whose routes it takes
     */
    public record Listener(String name, @Nullable String hostname, int port, AllowedRoutes routes) {}

    /** The namespaces whose routes a listener takes. */
    public enum AllowedRoutes {
        /** The Gateway's own. */
        SAME,
        /** Every one. */
        ALL
    }
}
