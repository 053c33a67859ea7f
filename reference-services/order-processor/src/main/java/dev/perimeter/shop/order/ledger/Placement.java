package dev.perimeter.shop.order.ledger;

/** What came of placing an order. */
public sealed interface Placement {

    /** It is stored, and payment has not been asked. */
    record Placed(Order order) implements Placement {}

    /** The key already has this very order, which may have moved on since. */
    record Repeated(Order order) implements Placement {}

    /** The key has an order with another body. */
    record KeyReused(String key) implements Placement {}
}
