package dev.perimeter.proxy.sidecar.admin;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.perimeter.proxy.xds.stream.Held;
import dev.perimeter.proxy.xds.stream.Rejection;
import dev.perimeter.proxy.xds.stream.ResourceType;
import dev.perimeter.proxy.xds.stream.XdsStatus;
import dev.perimeter.proxy.xds.stream.XdsStatus.TypeStatus;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump.DynamicCluster;
import io.envoyproxy.envoy.admin.v3.EndpointsConfigDump;
import io.envoyproxy.envoy.admin.v3.EndpointsConfigDump.DynamicEndpointConfig;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump.DynamicListener;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump.DynamicListenerState;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump.DynamicRouteConfig;
import io.envoyproxy.envoy.admin.v3.UpdateFailureState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The accepted and refused resources as Envoy's admin messages. */
final class ConfigSections {

    private ConfigSections() {}

    static List<Message> of(XdsStatus xds) {
        return List.of(clusters(xds), endpoints(xds), listeners(xds), routes(xds));
    }

    private static Message clusters(XdsStatus xds) {
        ClustersConfigDump.Builder dump =
                ClustersConfigDump.newBuilder().setVersionInfo(version(xds, ResourceType.CLUSTER));
        each(xds, ResourceType.CLUSTER, (held, failure) -> {
            DynamicCluster.Builder entry = DynamicCluster.newBuilder();
            if (held != null) {
                entry.setVersionInfo(held.version())
                        .setCluster(held.resource().raw())
                        .setLastUpdated(timestamp(held.updated()));
            }
            if (failure != null) {
                entry.setErrorState(failure);
            }
            dump.addDynamicActiveClusters(entry);
        });
        return dump.build();
    }

    private static Message endpoints(XdsStatus xds) {
        EndpointsConfigDump.Builder dump = EndpointsConfigDump.newBuilder();
        each(xds, ResourceType.ENDPOINTS, (held, failure) -> {
            DynamicEndpointConfig.Builder entry = DynamicEndpointConfig.newBuilder();
            if (held != null) {
                entry.setVersionInfo(held.version())
                        .setEndpointConfig(held.resource().raw())
                        .setLastUpdated(timestamp(held.updated()));
            }
            if (failure != null) {
                entry.setErrorState(failure);
            }
            dump.addDynamicEndpointConfigs(entry);
        });
        return dump.build();
    }

    private static Message listeners(XdsStatus xds) {
        ListenersConfigDump.Builder dump =
                ListenersConfigDump.newBuilder().setVersionInfo(version(xds, ResourceType.LISTENER));
        Rejection rejection = rejection(xds, ResourceType.LISTENER);
        each(xds, ResourceType.LISTENER, (held, failure) -> {
            DynamicListener.Builder entry = DynamicListener.newBuilder();
            if (held != null) {
                entry.setName(held.resource().name())
                        .setActiveState(DynamicListenerState.newBuilder()
                                .setVersionInfo(held.version())
                                .setListener(held.resource().raw())
                                .setLastUpdated(timestamp(held.updated())));
            } else if (rejection != null) {
                entry.setName(rejection.resource());
            }
            if (failure != null) {
                entry.setErrorState(failure);
            }
            dump.addDynamicListeners(entry);
        });
        return dump.build();
    }

    private static Message routes(XdsStatus xds) {
        RoutesConfigDump.Builder dump = RoutesConfigDump.newBuilder();
        each(xds, ResourceType.ROUTE_TABLE, (held, failure) -> {
            DynamicRouteConfig.Builder entry = DynamicRouteConfig.newBuilder();
            if (held != null) {
                entry.setVersionInfo(held.version())
                        .setRouteConfig(held.resource().raw())
                        .setLastUpdated(timestamp(held.updated()));
            }
            if (failure != null) {
                entry.setErrorState(failure);
            }
            dump.addDynamicRouteConfigs(entry);
        });
        return dump.build();
    }

    /** Calls for each resource by name, the refused one among them; a refused one that never was accepted has no held. */
    private static void each(
            XdsStatus xds, ResourceType type, BiConsumer<@Nullable Held<?>, @Nullable UpdateFailureState> entry) {
        TypeStatus status = xds.types().get(type);
        if (status == null) {
            return;
        }
        Rejection rejection = status.rejection();
        Map<String, Held<?>> resources = new TreeMap<>(status.resources());
        resources.forEach((name, held) ->
                entry.accept(held, rejection != null && rejection.resource().equals(name) ? failure(rejection) : null));
        if (rejection != null && !resources.containsKey(rejection.resource())) {
            entry.accept(null, failure(rejection));
        }
    }

    private static UpdateFailureState failure(Rejection rejection) {
        UpdateFailureState.Builder state = UpdateFailureState.newBuilder()
                .setLastUpdateAttempt(timestamp(rejection.at()))
                .setDetails(rejection.sentence())
                .setVersionInfo(rejection.version());
        Any raw = rejection.raw();
        return raw == null ? state.build() : state.setFailedConfiguration(raw).build();
    }

    private static @Nullable Rejection rejection(XdsStatus xds, ResourceType type) {
        TypeStatus status = xds.types().get(type);
        return status == null ? null : status.rejection();
    }

    private static String version(XdsStatus xds, ResourceType type) {
        TypeStatus status = xds.types().get(type);
        return status == null ? "" : status.version();
    }

    private static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }
}
