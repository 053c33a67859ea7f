package dev.perimeter.shop.order.settlement;

import dev.perimeter.shop.order.ledger.Order;
import dev.perimeter.shop.order.ledger.OrderState;
import dev.perimeter.shop.order.ledger.Orders;
import dev.perimeter.shop.order.payment.PaymentAnswer;
import dev.perimeter.shop.order.payment.PaymentClient;
import dev.perimeter.shop.order.payment.PaymentSettings;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** One attempt to settle one order: ask payment, keep what it said. */
@Component
public class Settlement {

    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

    private final Orders orders;
    private final PaymentClient payment;
    private final Duration lease;
    private final Duration longestPause;

    Settlement(Orders orders, PaymentClient payment, PaymentSettings paymentSettings, SettlementSettings settings) {
        this.orders = orders;
        this.payment = payment;
        this.lease = paymentSettings.timeout().plusSeconds(1);
        this.longestPause = settings.longestPause();
    }

    /** Longer than an attempt can take: while it lasts, the order belongs to whoever makes the attempt. */
    public Duration lease() {
        return lease;
    }

    /** Blocks for one call to payment. */
    public void attempt(Order order) {
        switch (payment.charge(order)) {
            case PaymentAnswer.Approved(var charge) ->
                orders.settle(order, OrderState.PAID, "payment took the money", charge);
            case PaymentAnswer.Declined(var charge, var reason) ->
                orders.settle(order, OrderState.DECLINED, reason, charge);
            case PaymentAnswer.Refused(var reason) -> orders.settle(order, OrderState.FAILED, bounded(reason), null);
            case PaymentAnswer.NoAnswer(var why) -> {
                LOG.info("order {} PENDING attempt {}: {}", order.id(), order.attempts(), why);
                orders.postpone(order, why, pauseAfter(order.attempts()));
            }
        }
    }

    private Duration pauseAfter(int attempts) {
        var pause = Duration.ofMillis(500L * attempts);
        return pause.compareTo(longestPause) < 0 ? pause : longestPause;
    }

    /** The column's width: payment's words are not ours to trust. */
    private static String bounded(String reason) {
        return reason.length() <= 300 ? reason : reason.substring(0, 300);
    }
}
