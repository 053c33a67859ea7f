package dev.perimeter.proxy.testkit.xds;

import io.envoyproxy.envoy.service.cluster.v3.ClusterDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.listener.v3.ListenerDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.route.v3.RouteDiscoveryServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import java.util.List;
import java.util.Objects;

/** The discovery services with one type each, for clients that open a stream for each instead of one for all. */
final class SeparateStreams {

    private SeparateStreams() {}

    static List<ServerServiceDefinition> of(FakeControlPlane controlPlane) {
        return List.of(
                service(
                        controlPlane,
                        ListenerDiscoveryServiceGrpc.getStreamListenersMethod(),
                        ListenerDiscoveryServiceGrpc.getDeltaListenersMethod()),
                service(
                        controlPlane,
                        RouteDiscoveryServiceGrpc.getStreamRoutesMethod(),
                        RouteDiscoveryServiceGrpc.getDeltaRoutesMethod()),
                service(
                        controlPlane,
                        ClusterDiscoveryServiceGrpc.getStreamClustersMethod(),
                        ClusterDiscoveryServiceGrpc.getDeltaClustersMethod()),
                service(
                        controlPlane,
                        EndpointDiscoveryServiceGrpc.getStreamEndpointsMethod(),
                        EndpointDiscoveryServiceGrpc.getDeltaEndpointsMethod()));
    }

    /** The services differ in their methods' names alone. */
    private static ServerServiceDefinition service(
            FakeControlPlane controlPlane,
            MethodDescriptor<DiscoveryRequest, DiscoveryResponse> world,
            MethodDescriptor<DeltaDiscoveryRequest, DeltaDiscoveryResponse> delta) {
        return ServerServiceDefinition.builder(Objects.requireNonNull(world.getServiceName()))
                .addMethod(world, ServerCalls.asyncBidiStreamingCall(controlPlane::opened))
                .addMethod(delta, ServerCalls.asyncBidiStreamingCall(controlPlane::openedDelta))
                .build();
    }
}
