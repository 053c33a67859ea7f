package dev.perimeter.proxy.testkit.xds;

import io.envoyproxy.envoy.service.cluster.v3.ClusterDiscoveryServiceGrpc.ClusterDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc.EndpointDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.listener.v3.ListenerDiscoveryServiceGrpc.ListenerDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.route.v3.RouteDiscoveryServiceGrpc.RouteDiscoveryServiceImplBase;
import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import java.util.List;

/** The discovery services with one type each, for clients that open a stream for each instead of one for all. */
final class SeparateStreams {

    private SeparateStreams() {}

    static List<BindableService> of(FakeControlPlane controlPlane) {
        return List.of(
                new Listeners(controlPlane),
                new Routes(controlPlane),
                new Clusters(controlPlane),
                new Endpoints(controlPlane));
    }

    private static final class Listeners extends ListenerDiscoveryServiceImplBase {

        private final FakeControlPlane controlPlane;

        Listeners(FakeControlPlane controlPlane) {
            this.controlPlane = controlPlane;
        }

        @Override
        public StreamObserver<DiscoveryRequest> streamListeners(StreamObserver<DiscoveryResponse> responses) {
            return controlPlane.opened(responses);
        }

        @Override
        public StreamObserver<DeltaDiscoveryRequest> deltaListeners(StreamObserver<DeltaDiscoveryResponse> responses) {
            return controlPlane.openedDelta(responses);
        }
    }

    private static final class Routes extends RouteDiscoveryServiceImplBase {

        private final FakeControlPlane controlPlane;

        Routes(FakeControlPlane controlPlane) {
            this.controlPlane = controlPlane;
        }

        @Override
        public StreamObserver<DiscoveryRequest> streamRoutes(StreamObserver<DiscoveryResponse> responses) {
            return controlPlane.opened(responses);
        }

        @Override
        public StreamObserver<DeltaDiscoveryRequest> deltaRoutes(StreamObserver<DeltaDiscoveryResponse> responses) {
            return controlPlane.openedDelta(responses);
        }
    }

    private static final class Clusters extends ClusterDiscoveryServiceImplBase {

        private final FakeControlPlane controlPlane;

        Clusters(FakeControlPlane controlPlane) {
            this.controlPlane = controlPlane;
        }

        @Override
        public StreamObserver<DiscoveryRequest> streamClusters(StreamObserver<DiscoveryResponse> responses) {
            return controlPlane.opened(responses);
        }

        @Override
        public StreamObserver<DeltaDiscoveryRequest> deltaClusters(StreamObserver<DeltaDiscoveryResponse> responses) {
            return controlPlane.openedDelta(responses);
        }
    }

    private static final class Endpoints extends EndpointDiscoveryServiceImplBase {

        private final FakeControlPlane controlPlane;

        Endpoints(FakeControlPlane controlPlane) {
            this.controlPlane = controlPlane;
        }

        @Override
        public StreamObserver<DiscoveryRequest> streamEndpoints(StreamObserver<DiscoveryResponse> responses) {
            return controlPlane.opened(responses);
        }

        @Override
        public StreamObserver<DeltaDiscoveryRequest> deltaEndpoints(StreamObserver<DeltaDiscoveryResponse> responses) {
            return controlPlane.openedDelta(responses);
        }
    }
}
