package dev.perimeter.shop.payment.charge;

/** What the card issuer said. */
sealed interface Decision {

    /** The money was taken. */
    record Approved() implements Decision {}

    /**
     * The money was not taken, for good.
     *
     * @param reason a stable word, such as {@code insufficient_funds}
     */
    record Declined(String reason) implements Decision {}
}
