package dev.perimeter.proxy.xds.transport;

import dev.perimeter.proxy.xds.source.ResourceType;
import io.envoyproxy.envoy.service.cluster.v3.ClusterDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.extension.v3.ExtensionConfigDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.listener.v3.ListenerDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.route.v3.RouteDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.secret.v3.SecretDiscoveryServiceGrpc;
import io.grpc.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/** The gRPC methods of discovery: one service for all types, and one for each. */
final class Services {

    private Services() {}

    /** @param type the one type of the stream, or null for all (ADS) */
    static MethodDescriptor<DiscoveryRequest, DiscoveryResponse> world(@Nullable ResourceType type) {
        return switch (type) {
            case null -> AggregatedDiscoveryServiceGrpc.getStreamAggregatedResourcesMethod();
            case CLUSTER -> ClusterDiscoveryServiceGrpc.getStreamClustersMethod();
            case ENDPOINTS -> EndpointDiscoveryServiceGrpc.getStreamEndpointsMethod();
            case LISTENER -> ListenerDiscoveryServiceGrpc.getStreamListenersMethod();
            case ROUTE_TABLE -> RouteDiscoveryServiceGrpc.getStreamRoutesMethod();
            case SECRET -> SecretDiscoveryServiceGrpc.getStreamSecretsMethod();
            case FILTER_CONFIG -> ExtensionConfigDiscoveryServiceGrpc.getStreamExtensionConfigsMethod();
        };
    }

    /** @param type the one type of the stream, or null for all (ADS) */
    static MethodDescriptor<DeltaDiscoveryRequest, DeltaDiscoveryResponse> delta(@Nullable ResourceType type) {
        return switch (type) {
            case null -> AggregatedDiscoveryServiceGrpc.getDeltaAggregatedResourcesMethod();
            case CLUSTER -> ClusterDiscoveryServiceGrpc.getDeltaClustersMethod();
            case ENDPOINTS -> EndpointDiscoveryServiceGrpc.getDeltaEndpointsMethod();
            case LISTENER -> ListenerDiscoveryServiceGrpc.getDeltaListenersMethod();
            case ROUTE_TABLE -> RouteDiscoveryServiceGrpc.getDeltaRoutesMethod();
            case SECRET -> SecretDiscoveryServiceGrpc.getDeltaSecretsMethod();
            case FILTER_CONFIG -> ExtensionConfigDiscoveryServiceGrpc.getDeltaExtensionConfigsMethod();
        };
    }
}
