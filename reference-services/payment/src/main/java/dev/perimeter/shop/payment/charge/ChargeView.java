package dev.perimeter.shop.payment.charge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A charge as JSON. The card is left out on purpose.
 *
 * @param status {@code APPROVED} or {@code DECLINED}
 * @param reason why it was declined
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ChargeView(
        UUID id,
        String key,
        long amount,
        String currency,
        String status,
        @Nullable String reason,
        Instant createdAt) {

    /** @param next the {@code after} of the next page, absent when this is the last one */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Page(List<ChargeView> charges, @Nullable UUID next) {

        static Page of(List<Charge> charges, int limit) {
            var next = charges.size() == limit ? charges.getLast().id() : null;
            return new Page(charges.stream().map(ChargeView::of).toList(), next);
        }
    }

    static ChargeView of(Charge charge) {
        var declined = charge.decision() instanceof Decision.Declined(var reason) ? reason : null;
        return new ChargeView(
                charge.id(),
                charge.key(),
                charge.money().amount(),
                charge.money().currency().getCurrencyCode(),
                declined == null ? "APPROVED" : "DECLINED",
                declined,
                charge.createdAt());
    }
}
