package dev.perimeter.labs.harness.shop;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What came back for one order.
 *
 * @param status of HTTP; 0 if there was no whole answer, and then {@code problem} says why
 * @param orderId null unless the answer names one
 * @param state the order's: PENDING, PAID, DECLINED or FAILED; empty if the answer does not say
 * @param requestId as the gateway gave it; null without an answer
 */
public record OrderReply(
        int status,
        @Nullable String orderId,
        String state,
        @Nullable String requestId,
        String problem) {
    /** RFC 9110, sections 15.5.1, 15.5.14, 15.5.16 and 15.5.21: each is about what the request says. */
    private static final Set<Integer> REFUSALS = Set.of(400, 413, 415, 422);

    /** Whether a whole answer of any status came. */
    public boolean answered() {
        return status != 0;
    }

    /** Whether the shop took the order; anything else is worth repeating with the same key. */
    public boolean taken() {
        return status == 201;
    }

    /** Whether the shop will never take it as it is: the same body would only be refused again. */
    public boolean refused() {
        return REFUSALS.contains(status);
    }

    /** Whether the money moved. */
    public boolean paid() {
        return taken() && state.equals("PAID");
    }

    @Override
    public String toString() {
        if (!answered()) {
            return "nothing (" + problem + ")";
        }
        return status + (state.isEmpty() ? "" : " " + state) + (problem.isEmpty() ? "" : " (" + problem + ")");
    }
}
