package dev.perimeter.shop.order;

import dev.perimeter.shop.contracts.Charge;
import dev.perimeter.shop.contracts.CreateChargeRequest;
import dev.perimeter.shop.contracts.PaymentsGrpc;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;

/** Payment's gRPC side. What cuts a connection by REST ends the stream without a proper status here. */
final class GrpcStandIn extends PaymentStandIn {

    private static final Context.Key<Map<String, String>> HEADERS = Context.key("headers");

    private final Server server;

    GrpcStandIn() {
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .addService(new Service())
                    .intercept(new HeadersIntoContext())
                    .build()
                    .start();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    String[] settings() {
        return new String[] {"--payment.transport=grpc", "--payment.target=127.0.0.1:" + server.getPort()};
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private final class Service extends PaymentsGrpc.PaymentsImplBase {

        @Override
        public void createCharge(CreateChargeRequest request, StreamObserver<Charge> reply) {
            var key = request.getKey();
            var call = new Call(key, request.getAmount(), request.getCurrency(), HEADERS.get());
            switch (next(request.getCard(), call)) {
                case ANSWER -> {
                    reply.onNext(chargeFor(request));
                    reply.onCompleted();
                }
                case CHARGE_AND_RESET -> {
                    charge(key);
                    reply.onError(Status.UNKNOWN.asRuntimeException());
                }
                case RESET_MIDWAY -> {
                    charge(key);
                    reply.onError(Status.INTERNAL.asRuntimeException());
                }
                // A unary answer leaves in one piece, with its status: half of one is none.
                case STALL_MIDWAY, HANG -> {}
                case FAIL -> reply.onError(Status.UNAVAILABLE.asRuntimeException());
                case FORBID -> reply.onError(Status.PERMISSION_DENIED.asRuntimeException());
                case NONSENSE -> {
                    reply.onNext(Charge.newBuilder().setKey(key).build());
                    reply.onCompleted();
                }
                case REFUSE ->
                    reply.onError(
                            Status.ALREADY_EXISTS.withDescription("key reused").asRuntimeException());
            }
        }

        private Charge chargeFor(CreateChargeRequest request) {
            var charge = Charge.newBuilder().setId(charge(request.getKey())).setKey(request.getKey());
            return declines(request.getCard())
                    ? charge.setStatus(Charge.Status.DECLINED)
                            .setReason("insufficient_funds")
                            .build()
                    : charge.setStatus(Charge.Status.APPROVED).build();
        }
    }

    private static final class HeadersIntoContext implements ServerInterceptor {

        @Override
        public <I, O> ServerCall.Listener<I> interceptCall(
                ServerCall<I, O> call, Metadata metadata, ServerCallHandler<I, O> rest) {
            var headers = new HashMap<String, String>();
            for (var name : metadata.keys()) {
                if (!name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                    headers.put(name, metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
                }
            }
            return Contexts.interceptCall(Context.current().withValue(HEADERS, headers), call, metadata, rest);
        }
    }
}
