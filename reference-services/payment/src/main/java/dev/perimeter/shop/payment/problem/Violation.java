package dev.perimeter.shop.payment.problem;

/**
 * One rule that a request breaks.
 *
 * @param field as the caller wrote it
 * @param message completes the sentence "field ..."
 */
public record Violation(String field, String message) {

    @Override
    public String toString() {
        return field + " " + message;
    }
}
