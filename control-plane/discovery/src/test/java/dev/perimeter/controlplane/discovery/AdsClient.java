package dev.perimeter.controlplane.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Status;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client that says exactly what a test tells it to, over a real socket. */
final class AdsClient implements AutoCloseable {
    private final BlockingQueue<DiscoveryResponse> responses = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> ends = new LinkedBlockingQueue<>();
    private final ManagedChannel channel;
    private final StreamObserver<DiscoveryRequest> stream;
    private final Node node;

    AdsClient(int port, Node node) {
        this.node = node;
        this.channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        this.stream = AggregatedDiscoveryServiceGrpc.newStub(channel).streamAggregatedResources(new StreamObserver<>() {
            @Override
            public void onNext(DiscoveryResponse response) {
                responses.add(response);
            }

            @Override
            public void onError(Throwable end) {
                ends.add(end);
            }

            @Override
            public void onCompleted() {
                ends.add(new AssertionError("completed"));
            }
        });
    }

    static AdsClient gateway(int port) {
        return new AdsClient(
                port, Node.newBuilder().setId("gateway~shop/gateway").build());
    }

    AdsClient ask(ResourceType type, String... names) {
        stream.onNext(DiscoveryRequest.newBuilder()
                .setNode(node)
                .setTypeUrl(type.typeUrl())
                .addAllResourceNames(List.of(names))
                .build());
        return this;
    }

    void ack(DiscoveryResponse response, String... names) {
        stream.onNext(answer(response, names)
                .setVersionInfo(response.getVersionInfo())
                .build());
    }

    void nack(DiscoveryResponse response, String sentence, String... names) {
        stream.onNext(answer(response, names)
                .setErrorDetail(Status.newBuilder().setCode(3).setMessage(sentence))
                .build());
    }

    private static DiscoveryRequest.Builder answer(DiscoveryResponse response, String... names) {
        return DiscoveryRequest.newBuilder()
                .setTypeUrl(response.getTypeUrl())
                .setResponseNonce(response.getNonce())
                .addAllResourceNames(List.of(names));
    }

    /** The next response, which must be of that type. */
    DiscoveryResponse next(ResourceType type) throws InterruptedException {
        DiscoveryResponse response = responses.poll(5, TimeUnit.SECONDS);
        assertThat(response).as("a response with %s", type).isNotNull();
        assertThat(response.getTypeUrl()).isEqualTo(type.typeUrl());
        return response;
    }

    DiscoveryResponse nextAcked(ResourceType type, String... names) throws InterruptedException {
        DiscoveryResponse response = next(type);
        ack(response, names);
        return response;
    }

    /** Nothing has come; to be asked when the server is known to have heard everything. */
    void expectNothing() {
        assertThat(responses).isEmpty();
    }

    Throwable end() throws InterruptedException {
        return ends.poll(5, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
