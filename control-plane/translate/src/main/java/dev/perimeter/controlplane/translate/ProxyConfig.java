package dev.perimeter.controlplane.translate;

import com.google.protobuf.Message;
import dev.perimeter.controlplane.contract.TypeUrl;
import dev.perimeter.controlplane.model.MeshObject;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** Everything one proxy is to have: its resources by name, for each type. Immutable. */
public record ProxyConfig(
        SortedMap<String, Resource> listeners,
        SortedMap<String, Resource> routes,
        SortedMap<String, Resource> clusters,
        SortedMap<String, Resource> endpoints) {
    /** For a proxy that is to have nothing. */
    public static final ProxyConfig EMPTY = new Builder().build();

    /** The resources of a type; empty for a type that is not served. */
    public SortedMap<String, Resource> ofType(String typeUrl) {
        return switch (typeUrl) {
            case TypeUrl.LISTENER -> listeners;
            case TypeUrl.ROUTE_CONFIGURATION -> routes;
            case TypeUrl.CLUSTER -> clusters;
            case TypeUrl.ENDPOINT -> endpoints;
            default -> Collections.emptySortedMap();
        };
    }

    /** Gathers resources; the later one of a name wins. */
    static final class Builder {
        private final SortedMap<String, Resource> listeners = new TreeMap<>();
        private final SortedMap<String, Resource> routes = new TreeMap<>();
        private final SortedMap<String, Resource> clusters = new TreeMap<>();
        private final SortedMap<String, Resource> endpoints = new TreeMap<>();

        void listener(String name, Message listener, Collection<? extends MeshObject> causes) {
            listeners.put(name, Resource.of(name, listener, causes));
        }

        void routes(String name, Message routeConfiguration, Collection<? extends MeshObject> causes) {
            routes.put(name, Resource.of(name, routeConfiguration, causes));
        }

        void cluster(String name, Message cluster, Collection<? extends MeshObject> causes) {
            clusters.put(name, Resource.of(name, cluster, causes));
        }

        void endpoints(String name, Message assignment, Collection<? extends MeshObject> causes) {
            endpoints.put(name, Resource.of(name, assignment, causes));
        }

        ProxyConfig build() {
            return new ProxyConfig(
                    Collections.unmodifiableSortedMap(listeners),
                    Collections.unmodifiableSortedMap(routes),
                    Collections.unmodifiableSortedMap(clusters),
                    Collections.unmodifiableSortedMap(endpoints));
        }
    }
}
