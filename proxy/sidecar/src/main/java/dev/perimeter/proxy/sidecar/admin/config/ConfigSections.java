package dev.perimeter.proxy.sidecar.admin.config;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.stream.XdsStatus;
import dev.perimeter.proxy.xds.stream.XdsStatus.TypeStatus;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump.DynamicCluster;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump.StaticCluster;
import io.envoyproxy.envoy.admin.v3.EcdsConfigDump;
import io.envoyproxy.envoy.admin.v3.EcdsConfigDump.EcdsFilterConfig;
import io.envoyproxy.envoy.admin.v3.EndpointsConfigDump;
import io.envoyproxy.envoy.admin.v3.EndpointsConfigDump.DynamicEndpointConfig;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump.DynamicListener;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump.DynamicListenerState;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump.StaticListener;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump.DynamicRouteConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The resources of the bootstrap and those accepted and refused, as Envoy's admin messages. */
public final class ConfigSections {

    private ConfigSections() {}

    /** Filter configs have a section only when there are any. */
    static List<Message> of(XdsStatus xds, Instant started) {
        List<Message> sections =
                new ArrayList<>(List.of(clusters(xds, started), endpoints(xds), listeners(xds, started), routes(xds)));
        if (!ConfigEntry.of(xds, ResourceType.FILTER_CONFIG).isEmpty()) {
            sections.add(filters(xds));
        }
        return sections;
    }

    private static Message clusters(XdsStatus xds, Instant started) {
        ClustersConfigDump.Builder dump =
                ClustersConfigDump.newBuilder().setVersionInfo(version(xds, ResourceType.CLUSTER));
        Timestamp since = ConfigEntry.timestamp(started);
        fixed(
                xds,
                ResourceType.CLUSTER,
                raw -> dump.addStaticClusters(
                        StaticCluster.newBuilder().setCluster(raw).setLastUpdated(since)));
        for (ConfigEntry entry : ConfigEntry.of(xds, ResourceType.CLUSTER)) {
            DynamicCluster.Builder cluster = DynamicCluster.newBuilder().setClientStatus(entry.status());
            if (entry.held() != null) {
                cluster.setVersionInfo(entry.version()).setCluster(entry.raw()).setLastUpdated(entry.updated());
            }
            if (entry.failure() != null) {
                cluster.setErrorState(entry.failure());
            }
            dump.addDynamicActiveClusters(cluster);
        }
        return dump.build();
    }

    private static Message endpoints(XdsStatus xds) {
        EndpointsConfigDump.Builder dump = EndpointsConfigDump.newBuilder();
        for (ConfigEntry entry : ConfigEntry.of(xds, ResourceType.ENDPOINTS)) {
            DynamicEndpointConfig.Builder endpoints =
                    DynamicEndpointConfig.newBuilder().setClientStatus(entry.status());
            if (entry.held() != null) {
                endpoints
                        .setVersionInfo(entry.version())
                        .setEndpointConfig(entry.raw())
                        .setLastUpdated(entry.updated());
            }
            if (entry.failure() != null) {
                endpoints.setErrorState(entry.failure());
            }
            dump.addDynamicEndpointConfigs(endpoints);
        }
        return dump.build();
    }

    private static Message listeners(XdsStatus xds, Instant started) {
        ListenersConfigDump.Builder dump =
                ListenersConfigDump.newBuilder().setVersionInfo(version(xds, ResourceType.LISTENER));
        Timestamp since = ConfigEntry.timestamp(started);
        fixed(
                xds,
                ResourceType.LISTENER,
                raw -> dump.addStaticListeners(
                        StaticListener.newBuilder().setListener(raw).setLastUpdated(since)));
        for (ConfigEntry entry : ConfigEntry.of(xds, ResourceType.LISTENER)) {
            DynamicListener.Builder listener =
                    DynamicListener.newBuilder().setName(entry.name()).setClientStatus(entry.status());
            if (entry.held() != null) {
                listener.setActiveState(DynamicListenerState.newBuilder()
                        .setVersionInfo(entry.version())
                        .setListener(entry.raw())
                        .setLastUpdated(entry.updated()));
            }
            if (entry.failure() != null) {
                listener.setErrorState(entry.failure());
            }
            dump.addDynamicListeners(listener);
        }
        return dump.build();
    }

    private static Message routes(XdsStatus xds) {
        RoutesConfigDump.Builder dump = RoutesConfigDump.newBuilder();
        for (ConfigEntry entry : ConfigEntry.of(xds, ResourceType.ROUTE_TABLE)) {
            DynamicRouteConfig.Builder table = DynamicRouteConfig.newBuilder().setClientStatus(entry.status());
            if (entry.held() != null) {
                table.setVersionInfo(entry.version())
                        .setRouteConfig(entry.raw())
                        .setLastUpdated(entry.updated());
            }
            if (entry.failure() != null) {
                table.setErrorState(entry.failure());
            }
            dump.addDynamicRouteConfigs(table);
        }
        return dump.build();
    }

    private static Message filters(XdsStatus xds) {
        EcdsConfigDump.Builder dump = EcdsConfigDump.newBuilder();
        for (ConfigEntry entry : ConfigEntry.of(xds, ResourceType.FILTER_CONFIG)) {
            EcdsFilterConfig.Builder filter = EcdsFilterConfig.newBuilder().setClientStatus(entry.status());
            if (entry.held() != null) {
                filter.setVersionInfo(entry.version())
                        .setEcdsFilter(entry.raw())
                        .setLastUpdated(entry.updated());
            }
            if (entry.failure() != null) {
                filter.setErrorState(entry.failure());
            }
            dump.addEcdsFilters(filter);
        }
        return dump.build();
    }

    private static void fixed(XdsStatus xds, ResourceType type, Consumer<Any> each) {
        TypeStatus status = xds.types().get(type);
        if (status != null) {
            status.fixed().values().forEach(resource -> each.accept(resource.raw()));
        }
    }

    private static String version(XdsStatus xds, ResourceType type) {
        TypeStatus status = xds.types().get(type);
        return status == null ? "" : status.version();
    }
}
