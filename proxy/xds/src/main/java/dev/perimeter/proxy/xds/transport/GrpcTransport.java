package dev.perimeter.proxy.xds.transport;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * ADS over gRPC, in clear text. Each stream has a connection of its own, so that one back-off governs both; one small
 * event loop serves them and nothing else.
 */
public final class GrpcTransport implements AdsTransport {

    /** Large enough for some ten thousand endpoints in one response. */
    private static final int LARGEST_RESPONSE = 16 << 20;

    private final InetSocketAddress address;
    private final Node node;
    private final Keepalive keepalive;
    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("ads", true), NioIoHandler.newFactory());

    /**
     * How a dead control plane is noticed that has not said good-bye.
     *
     * @param interval between pings while nothing else comes; at least what the server permits
     * @param timeout for the answer to a ping
     */
    public record Keepalive(Duration interval, Duration timeout) {

        /** The shortest interval that gRPC servers permit unasked. */
        public static final Keepalive DEFAULT = new Keepalive(Duration.ofMinutes(5), Duration.ofSeconds(20));
    }

    public GrpcTransport(InetSocketAddress address, Node node, Keepalive keepalive) {
        this.address = address;
        this.node = node;
        this.keepalive = keepalive;
    }

    @Override
    public String target() {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    @Override
    public Stream open(Events events) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(address)
                .eventLoopGroup(loop)
                .channelType(NioSocketChannel.class)
                .usePlaintext()
                .directExecutor()
                .maxInboundMessageSize(LARGEST_RESPONSE)
                .keepAliveTime(keepalive.interval().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(keepalive.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .build();
        ClientCall<DiscoveryRequest, DiscoveryResponse> call = channel.newCall(
                AggregatedDiscoveryServiceGrpc.getStreamAggregatedResourcesMethod(), io.grpc.CallOptions.DEFAULT);
        call.start(new Listener(call, channel, events), new Metadata());
        call.request(1);
        return new GrpcStream(call, channel);
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private final class GrpcStream implements Stream {

        private final ClientCall<DiscoveryRequest, DiscoveryResponse> call;
        private final ManagedChannel channel;
        private boolean nodeSent;

        GrpcStream(ClientCall<DiscoveryRequest, DiscoveryResponse> call, ManagedChannel channel) {
            this.call = call;
            this.channel = channel;
        }

        @Override
        public void send(Ask ask) {
            DiscoveryRequest.Builder request = DiscoveryRequest.newBuilder()
                    .setTypeUrl(ask.type().typeUrl())
                    .setVersionInfo(ask.version())
                    .setResponseNonce(ask.nonce())
                    .addAllResourceNames(ask.names());
            if (ask.error() != null) {
                request.setErrorDetail(
                        Status.newBuilder().setCode(Code.INVALID_ARGUMENT_VALUE).setMessage(ask.error()));
            }
            if (!nodeSent) {
                request.setNode(node);
                nodeSent = true;
            }
            call.sendMessage(request.build());
        }

        @Override
        public void cancel() {
            call.cancel("the proxy is going away", null);
            channel.shutdownNow();
        }
    }

    private static final class Listener extends ClientCall.Listener<DiscoveryResponse> {

        private final ClientCall<DiscoveryRequest, DiscoveryResponse> call;
        private final ManagedChannel channel;
        private final Events events;

        Listener(ClientCall<DiscoveryRequest, DiscoveryResponse> call, ManagedChannel channel, Events events) {
            this.call = call;
            this.channel = channel;
            this.events = events;
        }

        @Override
        public void onMessage(DiscoveryResponse response) {
            events.answered(new Answer(
                    response.getTypeUrl(),
                    response.getVersionInfo(),
                    response.getNonce(),
                    response.getResourcesList()));
            call.request(1);
        }

        @Override
        public void onClose(io.grpc.Status status, Metadata trailers) {
            channel.shutdownNow();
            events.ended(why(status));
        }
    }

    /** gRPC's words for a connection that failed name the class of an exception; an operator wants the event. */
    static String why(io.grpc.Status status) {
        if (status.isOk()) {
            return "the control plane ended the stream";
        }
        for (@Nullable Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.startsWith("Connection refused")) {
                return "connection refused";
            }
            if (message.startsWith("connection timed out")) {
                return "connect timed out";
            }
            if (message.startsWith("Connection reset")) {
                return "connection reset";
            }
        }
        String description = status.getDescription();
        if ("Network closed for unknown reason".equals(description)) {
            return "connection closed";
        }
        return description == null || description.isEmpty() ? status.getCode().name() : description;
    }
}
