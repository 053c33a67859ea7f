package dev.perimeter.shop.order.ledger;

import dev.perimeter.shop.order.trace.Trace;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An order as it stands in the database at one moment.
 *
 * @param reason why it is in this state, for people
 * @param chargeId payment's name for the charge, once there is one
 * @param attempts how often payment has been asked
 * @param trace what is passed on with every call made for this order
 */
public record Order(
        UUID id,
        String customer,
        List<Item> items,
        Money total,
        String card,
        OrderState state,
        String reason,
        @Nullable String chargeId,
        Instant createdAt,
        int attempts,
        Trace trace) {

    public Order {
        items = List.copyOf(items);
    }
}
