package dev.perimeter.shop.order.payment;

import dev.perimeter.shop.order.ledger.Order;

/** Asks payment to charge an order, with the order's id as the key. Safe to use from many threads. */
public interface PaymentClient {

    /**
     * Blocks until there is an answer or the time for one is over. Safe to repeat: the same order has the same key.
     * Never throws for what the network or payment does.
     */
    PaymentAnswer charge(Order order);
}
