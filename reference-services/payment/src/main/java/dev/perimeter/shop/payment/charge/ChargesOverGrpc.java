package dev.perimeter.shop.payment.charge;

import dev.perimeter.shop.contracts.Charge.Status;
import dev.perimeter.shop.contracts.CreateChargeRequest;
import dev.perimeter.shop.contracts.GetChargeRequest;
import dev.perimeter.shop.contracts.PaymentsGrpc;
import dev.perimeter.shop.payment.problem.Violation;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.grpc.server.service.GrpcService;

/** Charges by gRPC; the meaning of each status stands in {@code payments.proto}. */
@GrpcService
class ChargesOverGrpc extends PaymentsGrpc.PaymentsImplBase {

    private final Charges charges;

    ChargesOverGrpc(Charges charges) {
        this.charges = charges;
    }

    @Override
    public void createCharge(CreateChargeRequest request, StreamObserver<dev.perimeter.shop.contracts.Charge> reply) {
        var parsed =
                ChargeRequest.parse(request.getKey(), request.getAmount(), request.getCurrency(), request.getCard());
        switch (parsed) {
            case ChargeRequest.Parsed.Valid(var valid) -> answer(charges.charge(valid), reply);
            case ChargeRequest.Parsed.Invalid(var violations) -> reply.onError(invalid(violations));
        }
    }

    @Override
    public void getCharge(GetChargeRequest request, StreamObserver<dev.perimeter.shop.contracts.Charge> reply) {
        var charge = id(request.getId()).flatMap(charges::find);
        if (charge.isPresent()) {
            send(charge.get(), reply);
        } else {
            reply.onError(refusal(io.grpc.Status.NOT_FOUND, "There is no charge " + request.getId() + "."));
        }
    }

    private static void answer(Charges.Outcome outcome, StreamObserver<dev.perimeter.shop.contracts.Charge> reply) {
        switch (outcome) {
            case Charges.Outcome.Charged(var charge, var repeated) -> send(charge, reply);
            case Charges.Outcome.KeyReused(var key) ->
                reply.onError(refusal(io.grpc.Status.ALREADY_EXISTS, "The key " + key + " belongs to another charge."));
        }
    }

    private static void send(Charge charge, StreamObserver<dev.perimeter.shop.contracts.Charge> reply) {
        var message = dev.perimeter.shop.contracts.Charge.newBuilder()
                .setId(charge.id().toString())
                .setKey(charge.key())
                .setAmount(charge.money().amount())
                .setCurrency(charge.money().currency().getCurrencyCode())
                .setCreatedAt(charge.createdAt().toString());
        switch (charge.decision()) {
            case Decision.Approved() -> message.setStatus(Status.APPROVED);
            case Decision.Declined(var reason) ->
                message.setStatus(Status.DECLINED).setReason(reason);
        }
        reply.onNext(message.build());
        reply.onCompleted();
    }

    private static StatusRuntimeException invalid(List<Violation> violations) {
        return refusal(
                io.grpc.Status.INVALID_ARGUMENT,
                violations.stream().map(Violation::toString).collect(Collectors.joining("; ")));
    }

    private static StatusRuntimeException refusal(io.grpc.Status status, String sentence) {
        return status.withDescription(sentence).asRuntimeException();
    }

    private static Optional<UUID> id(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
