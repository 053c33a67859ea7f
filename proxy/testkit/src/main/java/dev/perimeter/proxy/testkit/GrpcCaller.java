package dev.perimeter.proxy.testkit;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** A gRPC client without a schema: messages are bytes, and what counts is how the call ends. */
public final class GrpcCaller implements AutoCloseable {

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private final ManagedChannel channel;

    /** Speaks HTTP/2 with prior knowledge. */
    public GrpcCaller(InetSocketAddress address) {
        channel = NettyChannelBuilder.forAddress(address).usePlaintext().build();
    }

    /** @param method e.g. {@code shop.Orders/Place} */
    public Status call(String method) {
        return call(method, CallOptions.DEFAULT);
    }

    public Status call(String method, CallOptions options) {
        MethodDescriptor<byte[], byte[]> unary = MethodDescriptor.newBuilder(BYTES, BYTES)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(method)
                .build();
        // A call that nothing ends would hold the test for ever.
        CallOptions ended = options.getDeadline() == null ? options.withDeadlineAfter(20, TimeUnit.SECONDS) : options;
        try {
            ClientCalls.blockingUnaryCall(channel, unary, ended, new byte[] {1, 2, 3});
            return Status.OK;
        } catch (StatusRuntimeException failed) {
            return failed.getStatus();
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        try {
            channel.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
