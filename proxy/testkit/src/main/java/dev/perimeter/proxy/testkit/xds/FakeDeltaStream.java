package dev.perimeter.proxy.testkit.xds;

import com.google.protobuf.Any;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane.Published;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One delta stream of a {@link FakeControlPlane}: it is told what changed of what it asked for. */
public final class FakeDeltaStream {

    private static final String ALL = "*";

    private final FakeControlPlane controlPlane;
    private final StreamObserver<DeltaDiscoveryResponse> responses;
    private final List<DeltaDiscoveryRequest> received = new ArrayList<>();
    private final Map<String, Set<String>> subscribed = new HashMap<>();
    private final Map<String, Map<String, String>> sent = new HashMap<>();
    private int nonces;
    private boolean over;

    FakeDeltaStream(FakeControlPlane controlPlane, StreamObserver<DeltaDiscoveryResponse> responses) {
        this.controlPlane = controlPlane;
        this.responses = responses;
    }

    /** All requests so far, in order. */
    public synchronized List<DeltaDiscoveryRequest> received() {
        return List.copyOf(received);
    }

    /** Ends the stream with a gRPC status. */
    public synchronized void end(Status status) {
        if (!over) {
            over = true;
            responses.onError(status.asRuntimeException());
        }
    }

    StreamObserver<DeltaDiscoveryRequest> requests() {
        return new StreamObserver<>() {
            @Override
            public void onNext(DeltaDiscoveryRequest request) {
                record(request);
            }

            @Override
            public void onError(Throwable gone) {
                finish();
            }

            @Override
            public void onCompleted() {
                if (finish()) {
                    responses.onCompleted();
                }
            }
        };
    }

    /** Answers whether that is news. */
    private synchronized boolean finish() {
        boolean before = over;
        over = true;
        return !before;
    }

    private synchronized void record(DeltaDiscoveryRequest request) {
        received.add(request);
        String type = request.getTypeUrl();
        boolean first = !subscribed.containsKey(type);
        Set<String> names = subscribed.computeIfAbsent(type, t -> new HashSet<>());
        Map<String, String> known = sent.computeIfAbsent(type, t -> new HashMap<>());
        if (first) {
            known.putAll(request.getInitialResourceVersionsMap());
            if (request.getResourceNamesSubscribeCount() == 0) {
                names.add(ALL);
            }
        }
        names.addAll(request.getResourceNamesSubscribeList());
        request.getResourceNamesUnsubscribeList().forEach(name -> {
            names.remove(name);
            known.remove(name);
        });
        boolean asks = first || request.getResourceNamesSubscribeCount() > 0;
        Published published = controlPlane.published(type);
        if (asks && published != null) {
            tell(type, published);
        }
    }

    /** Sends what differs from what was sent, if anything. */
    synchronized void tell(String type, Published now) {
        Set<String> names = subscribed.get(type);
        if (over || names == null) {
            return;
        }
        Map<String, String> known = sent.computeIfAbsent(type, t -> new HashMap<>());
        Map<String, Any> there = new HashMap<>();
        now.resources().forEach(resource -> there.put(FakeControlPlane.nameOf(resource), resource));
        DeltaDiscoveryResponse.Builder response = DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(type)
                .setSystemVersionInfo(now.version())
                .setNonce("nonce-" + ++nonces);
        there.forEach((name, resource) -> {
            String version = Integer.toHexString(resource.hashCode());
            if ((names.contains(ALL) || names.contains(name)) && !version.equals(known.put(name, version))) {
                response.addResources(
                        Resource.newBuilder().setName(name).setVersion(version).setResource(resource));
            }
        });
        for (String name : List.copyOf(known.keySet())) {
            if (!there.containsKey(name)) {
                known.remove(name);
                response.addRemovedResources(name);
            }
        }
        responses.onNext(response.build());
    }
}
