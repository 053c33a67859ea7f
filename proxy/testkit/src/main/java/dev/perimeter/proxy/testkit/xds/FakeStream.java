package dev.perimeter.proxy.testkit.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane.Published;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One stream of a {@link FakeControlPlane}: what the proxy said on it, and what it is told. */
public final class FakeStream {

    private final FakeControlPlane controlPlane;
    private final StreamObserver<DiscoveryResponse> responses;
    private final List<DiscoveryRequest> received = new ArrayList<>();
    private final Map<String, List<String>> subscribed = new HashMap<>();
    private final Map<String, Integer> read = new HashMap<>();
    private int nonces;
    private boolean over;

    FakeStream(FakeControlPlane controlPlane, StreamObserver<DiscoveryResponse> responses) {
        this.controlPlane = controlPlane;
        this.responses = responses;
    }

    /** The next request of a type; each is given once. */
    public DiscoveryRequest awaitRequest(String typeUrl) {
        return await("request for " + typeUrl, () -> {
            List<DiscoveryRequest> ofType = of(typeUrl, request -> true);
            int next = read.getOrDefault(typeUrl, 0);
            if (next >= ofType.size()) {
                return null;
            }
            read.put(typeUrl, next + 1);
            return ofType.get(next);
        });
    }

    /** The request that accepts a version. */
    public DiscoveryRequest awaitAck(String typeUrl, String version) {
        return await(
                "ACK of version " + version + " of " + typeUrl,
                () -> last(of(
                        typeUrl,
                        request -> request.getVersionInfo().equals(version)
                                && !request.getResponseNonce().isEmpty()
                                && !request.hasErrorDetail())));
    }

    /** The latest request that refuses something. */
    public DiscoveryRequest awaitNack(String typeUrl) {
        return await("NACK of " + typeUrl, () -> last(of(typeUrl, DiscoveryRequest::hasErrorDetail)));
    }

    /** All requests so far, in order. */
    public synchronized List<DiscoveryRequest> received() {
        return List.copyOf(received);
    }

    /** Sends a response of one's own making. @return its nonce */
    public synchronized String send(String typeUrl, String version, Message... resources) {
        return send(
                typeUrl,
                version,
                List.of(resources).stream().map(FakeControlPlane::packed).toList());
    }

    /** Ends the stream with a gRPC status. */
    public synchronized void end(Status status) {
        over = true;
        responses.onError(status.asRuntimeException());
    }

    synchronized void endIfOpen(Status status) {
        if (!over) {
            end(status);
        }
    }

    /** Waits until the proxy has ended the stream or the connection is gone. */
    public void awaitEnd() {
        await("end of the stream", () -> over ? this : null);
    }

    synchronized void tell(String typeUrl, Published now) {
        if (subscribed.containsKey(typeUrl) && !over) {
            send(typeUrl, now.version(), now.resources());
        }
    }

    private String send(String typeUrl, String version, List<Any> resources) {
        String nonce = "nonce-" + ++nonces;
        responses.onNext(DiscoveryResponse.newBuilder()
                .setTypeUrl(typeUrl)
                .setVersionInfo(version)
                .setNonce(nonce)
                .addAllResources(resources)
                .build());
        return nonce;
    }

    StreamObserver<DiscoveryRequest> requests() {
        return new StreamObserver<>() {
            @Override
            public void onNext(DiscoveryRequest request) {
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

    private synchronized void record(DiscoveryRequest request) {
        received.add(request);
        List<String> names = List.copyOf(request.getResourceNamesList());
        List<String> before = subscribed.put(request.getTypeUrl(), names);
        Published published = controlPlane.published(request.getTypeUrl());
        // What was on its way when the stream was ended here is heard and not answered.
        if (published != null && !over && !names.equals(before)) {
            send(request.getTypeUrl(), published.version(), published.resources());
        }
        notifyAll();
    }

    /** Answers whether that is news. */
    private synchronized boolean finish() {
        boolean before = over;
        over = true;
        notifyAll();
        return !before;
    }

    private List<DiscoveryRequest> of(String typeUrl, Predicate<DiscoveryRequest> which) {
        return received.stream()
                .filter(request -> request.getTypeUrl().equals(typeUrl))
                .filter(which)
                .toList();
    }

    private static @Nullable DiscoveryRequest last(List<DiscoveryRequest> requests) {
        return requests.isEmpty() ? null : requests.getLast();
    }

    /** Something that may not be there yet. */
    private interface Look<T> {
        @Nullable
        T look();
    }

    private synchronized <T> T await(String what, Look<T> look) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(FakeControlPlane.PATIENCE_SECONDS);
        try {
            for (T found = look.look(); ; found = look.look()) {
                if (found != null) {
                    return found;
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("no " + what + "; received: " + received);
                }
                wait(left);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError("stopped while waiting for " + what, stopped);
        }
    }
}
