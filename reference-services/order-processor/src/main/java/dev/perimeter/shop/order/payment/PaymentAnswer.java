package dev.perimeter.shop.order.payment;

/** What is known after asking payment. Only the last one leaves the question open. */
public sealed interface PaymentAnswer {

    /** The money was taken. */
    record Approved(String chargeId) implements PaymentAnswer {}

    /**
     * The card issuer said no.
     *
     * @param reason payment's word for it, such as {@code insufficient_funds}
     */
    record Declined(String chargeId, String reason) implements PaymentAnswer {}

    /** Payment itself says that this charge can never be: asking again would get the same. */
    record Refused(String reason) implements PaymentAnswer {}

    /**
     * A time-out, a reset, a 5xx, or something that payment would not have said. The money may have been taken or not;
     * only asking again with the same key can tell.
     *
     * @param why one phrase for people, without addresses
     */
    record NoAnswer(String why) implements PaymentAnswer {}
}
