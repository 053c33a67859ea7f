package dev.perimeter.proxy.xds.transport;

import dev.perimeter.proxy.xds.source.ResourceType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Discovery over gRPC, in clear text. Each stream has a connection of its own, so that one back-off governs both; one
 * small event loop serves them and nothing else.
 */
public final class GrpcTransport implements XdsTransport {

    /** Large enough for some ten thousand endpoints in one response. */
    private static final int LARGEST_RESPONSE = 16 << 20;

    private final ControlPlane controlPlane;
    private final boolean delta;
    private final @Nullable ResourceType type;
    private final Node node;
    private final EventLoopGroup loop;
    private int attempts;

    /**
     * @param type the one that is asked for, or null for all on one stream (ADS)
     * @param loop not closed with this
     */
    public GrpcTransport(
            ControlPlane controlPlane, boolean delta, @Nullable ResourceType type, Node node, EventLoopGroup loop) {
        this.controlPlane = controlPlane;
        this.delta = delta;
        this.type = type;
        this.node = node;
        this.loop = loop;
    }

    @Override
    public String target() {
        return controlPlane.target();
    }

    @Override
    public boolean delta() {
        return delta;
    }

    @Override
    public Stream open(Events events) {
        InetSocketAddress address = controlPlane
                .addresses()
                .get(attempts++ % controlPlane.addresses().size());
        NettyChannelBuilder builder = address.isUnresolved()
                ? NettyChannelBuilder.forAddress(address.getHostString(), address.getPort())
                : NettyChannelBuilder.forAddress(address);
        ManagedChannel channel = builder.eventLoopGroup(loop)
                .channelType(NioSocketChannel.class)
                .usePlaintext()
                .directExecutor()
                .maxInboundMessageSize(LARGEST_RESPONSE)
                .keepAliveTime(controlPlane.keepalive().interval().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(controlPlane.keepalive().timeout().toMillis(), TimeUnit.MILLISECONDS)
                .build();
        return delta
                ? start(
                        channel,
                        Services.delta(type),
                        events,
                        Wire::answer,
                        (ask, who) -> Wire.request((Ask.Delta) ask, who))
                : start(
                        channel,
                        Services.world(type),
                        events,
                        Wire::answer,
                        (ask, who) -> Wire.request((Ask.World) ask, who));
    }

    private <Q, A> Stream start(
            ManagedChannel channel,
            MethodDescriptor<Q, A> method,
            Events events,
            Function<A, Answer> answer,
            BiFunction<Ask, @Nullable Node, Q> request) {
        ClientCall<Q, A> call = channel.newCall(method, CallOptions.DEFAULT);
        call.start(new Listener<>(call, channel, events, answer), new Metadata());
        call.request(1);
        return new GrpcStream<>(call, channel, request);
    }

    /** Nothing is held here between streams. */
    @Override
    public void close() {}

    private final class GrpcStream<Q> implements Stream {

        private final ClientCall<Q, ?> call;
        private final ManagedChannel channel;
        private final BiFunction<Ask, @Nullable Node, Q> request;
        private boolean nodeSent;

        GrpcStream(ClientCall<Q, ?> call, ManagedChannel channel, BiFunction<Ask, @Nullable Node, Q> request) {
            this.call = call;
            this.channel = channel;
            this.request = request;
        }

        /** The node goes with the first message of a stream only, which every server must be able to live with. */
        @Override
        public void send(Ask ask) {
            call.sendMessage(request.apply(ask, nodeSent ? null : node));
            nodeSent = true;
        }

        @Override
        public void cancel() {
            call.cancel("the proxy is going away", null);
            channel.shutdownNow();
        }
    }

    private static final class Listener<A> extends ClientCall.Listener<A> {

        private final ClientCall<?, A> call;
        private final ManagedChannel channel;
        private final Events events;
        private final Function<A, Answer> answer;

        Listener(ClientCall<?, A> call, ManagedChannel channel, Events events, Function<A, Answer> answer) {
            this.call = call;
            this.channel = channel;
            this.events = events;
            this.answer = answer;
        }

        @Override
        public void onMessage(A response) {
            events.answered(answer.apply(response));
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
