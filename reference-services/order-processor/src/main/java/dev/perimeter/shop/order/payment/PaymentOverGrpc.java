package dev.perimeter.shop.order.payment;

import dev.perimeter.shop.contracts.Charge;
import dev.perimeter.shop.contracts.CreateChargeRequest;
import dev.perimeter.shop.contracts.PaymentsGrpc;
import dev.perimeter.shop.order.ledger.Order;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Payment by gRPC.
 *
 * <p>grpc-java asks the process's proxy settings for https ({@code https.proxyHost}), also for plain text, and reaches
 * the target through {@code CONNECT}: a proxy beside this process needs no line of code here.
 */
final class PaymentOverGrpc implements PaymentClient, AutoCloseable {

    private final ManagedChannel channel;
    private final PaymentsGrpc.PaymentsBlockingStub payments;
    private final Duration timeout;

    PaymentOverGrpc(PaymentSettings settings) {
        this.channel = ManagedChannelBuilder.forTarget(settings.target())
                .usePlaintext()
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                // The loop of this process repeats calls, and a repeat that nobody sees would blur the lesson.
                .disableRetry()
                .build();
        this.payments = PaymentsGrpc.newBlockingStub(channel);
        this.timeout = settings.timeout();
    }

    @Override
    public PaymentAnswer charge(Order order) {
        // Left alone, the channel waits up to two minutes before it tries a dead address again.
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            channel.resetConnectBackoff();
        }
        try {
            return read(
                    payments.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
                            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers(order)))
                            .createCharge(request(order)),
                    order);
        } catch (StatusRuntimeException failure) {
            return read(failure.getStatus());
        }
    }

    private static CreateChargeRequest request(Order order) {
        return CreateChargeRequest.newBuilder()
                .setKey(order.id().toString())
                .setAmount(order.total().amount())
                .setCurrency(order.total().currency().getCurrencyCode())
                .setCard(order.card())
                .build();
    }

    private static Metadata headers(Order order) {
        var metadata = new Metadata();
        order.trace()
                .headers()
                .forEach((name, value) -> metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
        return metadata;
    }

    private static PaymentAnswer read(Charge charge, Order order) {
        if (!charge.getKey().equals(order.id().toString())) {
            return new PaymentAnswer.NoAnswer("payment's answer is not this order's charge");
        }
        return switch (charge.getStatus()) {
            case APPROVED -> new PaymentAnswer.Approved(charge.getId());
            case DECLINED -> new PaymentAnswer.Declined(charge.getId(), charge.getReason());
            case STATUS_UNSPECIFIED, UNRECOGNIZED -> new PaymentAnswer.NoAnswer("payment's answer has no known status");
        };
    }

    private static PaymentAnswer read(Status status) {
        return switch (status.getCode()) {
            // Payment's own judgement of the request. Every other status is about the way there, and may pass.
            case INVALID_ARGUMENT, ALREADY_EXISTS ->
                new PaymentAnswer.Refused("payment refused the charge: " + status.getDescription());
            case DEADLINE_EXCEEDED -> new PaymentAnswer.NoAnswer("payment did not answer in time");
            default -> new PaymentAnswer.NoAnswer("payment answered " + status.getCode());
        };
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
