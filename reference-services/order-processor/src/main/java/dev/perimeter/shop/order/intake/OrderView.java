package dev.perimeter.shop.order.intake;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.perimeter.shop.order.ledger.Event;
import dev.perimeter.shop.order.ledger.Item;
import dev.perimeter.shop.order.ledger.Order;
import dev.perimeter.shop.order.ledger.OrderState;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An order as JSON. The card is left out on purpose.
 *
 * @param reason why it is in this state, for people
 * @param total in minor units of the currency
 * @param chargeId payment's name for the charge, once there is one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record OrderView(
        UUID id,
        OrderState state,
        String reason,
        String customer,
        List<Item> items,
        long total,
        String currency,
        @Nullable String chargeId,
        Instant createdAt) {

    /** @param next the {@code after} of the next page, absent when this is the last one */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Page(List<OrderView> orders, @Nullable UUID next) {

        static Page of(List<Order> orders, int limit) {
            var next = orders.size() == limit ? orders.getLast().id() : null;
            return new Page(orders.stream().map(OrderView::of).toList(), next);
        }
    }

    /** The states an order has been in, first to last. */
    record History(UUID id, List<Event> history) {}

    static OrderView of(Order order) {
        return new OrderView(
                order.id(),
                order.state(),
                order.reason(),
                order.customer(),
                order.items(),
                order.total().amount(),
                order.total().currency().getCurrencyCode(),
                order.chargeId(),
                order.createdAt());
    }
}
