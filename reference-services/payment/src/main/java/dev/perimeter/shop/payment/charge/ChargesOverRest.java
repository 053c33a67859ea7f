package dev.perimeter.shop.payment.charge;

import dev.perimeter.shop.payment.problem.Problems;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/**
 * Charges by REST. A repeated key gets what the first call got, marked by {@code Idempotency-Replayed: true}; a decline
 * is a charge that was decided, so it too is a 201.
 */
@RestController
@RequestMapping("/charges")
class ChargesOverRest {

    private static final String FIRST = "00000000-0000-0000-0000-000000000000";

    private final Charges charges;

    ChargesOverRest(Charges charges) {
        this.charges = charges;
    }

    @PostMapping
    ResponseEntity<?> create(
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody JsonNode body) {
        var amount = body.path("amount");
        var parsed = ChargeRequest.parse(
                key,
                amount.isIntegralNumber() && amount.canConvertToLong() ? amount.longValue() : null,
                text(body, "currency"),
                text(body, "card"));
        return switch (parsed) {
            case ChargeRequest.Parsed.Valid(var request) -> answer(charges.charge(request));
            case ChargeRequest.Parsed.Invalid(var violations) -> Problems.invalid(violations);
        };
    }

    @GetMapping("/{id}")
    ResponseEntity<?> read(@PathVariable UUID id) {
        var charge = charges.find(id);
        return charge.isPresent()
                ? ResponseEntity.ok(ChargeView.of(charge.get()))
                : Problems.notFound("There is no charge " + id + ".");
    }

    /** Oldest first. {@code after} is the id of the last charge already seen, {@code limit} is 1 to 500. */
    @GetMapping
    ResponseEntity<?> list(
            @RequestParam(defaultValue = FIRST) UUID after, @RequestParam(defaultValue = "100") int limit) {
        if (limit < 1 || limit > 500) {
            return Problems.invalid("limit", "must be from 1 to 500");
        }
        return ResponseEntity.ok(ChargeView.Page.of(charges.list(after, limit), limit));
    }

    private static ResponseEntity<?> answer(Charges.Outcome outcome) {
        return switch (outcome) {
            case Charges.Outcome.Charged(var charge, var repeated) -> {
                var reply = ResponseEntity.created(URI.create("/charges/" + charge.id()));
                if (repeated) {
                    reply.header("Idempotency-Replayed", "true");
                }
                yield reply.body(ChargeView.of(charge));
            }
            case Charges.Outcome.KeyReused(var key) -> Problems.keyReused(key);
        };
    }

    private static @Nullable String text(JsonNode body, String field) {
        return body.path(field).stringValue(null);
    }
}
