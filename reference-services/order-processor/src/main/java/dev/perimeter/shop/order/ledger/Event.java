package dev.perimeter.shop.order.ledger;

import java.time.Instant;

/** An order entered a state. */
public record Event(OrderState state, String reason, Instant at) {}
