package dev.perimeter.controlplane.discovery;

import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** The gRPC service: one stream for all types, in the state-of-the-world form. */
final class AdsService extends AggregatedDiscoveryServiceImplBase {
    private final Discovery discovery;

    AdsService(Discovery discovery) {
        this.discovery = discovery;
    }

    @Override
    public StreamObserver<DiscoveryRequest> streamAggregatedResources(StreamObserver<DiscoveryResponse> responses) {
        return new Connection(discovery, (ServerCallStreamObserver<DiscoveryResponse>) responses);
    }

    /** The place for the delta form: another kind of subscription over the same streams and targets. */
    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
            StreamObserver<DeltaDiscoveryResponse> responses) {
        responses.onError(Status.UNIMPLEMENTED
                .withDescription("Delta xDS is not served yet; set ads_config.api_type to GRPC.")
                .asRuntimeException());
        return new Ignored();
    }

    private static final class Ignored implements StreamObserver<DeltaDiscoveryRequest> {
        @Override
        public void onNext(DeltaDiscoveryRequest request) {}

        @Override
        public void onError(Throwable broken) {}

        @Override
        public void onCompleted() {}
    }
}
