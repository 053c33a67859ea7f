package dev.perimeter.shop.payment.charge;

import java.time.Instant;
import java.util.UUID;

/**
 * A charge that was decided. It never changes.
 *
 * @param key the caller's name for it: one key, one charge
 */
record Charge(UUID id, String key, Money money, String card, Decision decision, Instant createdAt) {

    /** Whether a request with the same key asks for this very charge. */
    boolean answers(ChargeRequest request) {
        return key.equals(request.key()) && money.equals(request.money()) && card.equals(request.card());
    }
}
