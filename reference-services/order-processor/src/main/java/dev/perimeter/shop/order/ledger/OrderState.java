package dev.perimeter.shop.order.ledger;

/**
 * Where an order stands. It starts as {@link #PENDING} and leaves that state once, on a definite answer of payment.
 */
public enum OrderState {
    /** Payment has not answered yet. */
    PENDING,
    /** The money was taken. */
    PAID,
    /** The card issuer said no. */
    DECLINED,
    /** Payment refused the charge itself, so asking again is of no use. */
    FAILED
}
