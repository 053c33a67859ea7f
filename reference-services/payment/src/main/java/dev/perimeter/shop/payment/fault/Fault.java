package dev.perimeter.shop.payment.fault;

import java.time.Duration;

/** What happens to one call. {@code mark} is the value of its {@code x-lab-fault} header. */
sealed interface Fault {

    /** Nothing: the call is served as ever. */
    record None() implements Fault {}

    /** The call is served, later. */
    record Delay(Duration time) implements Fault {}

    /** The call fails at once; nothing was charged. */
    record Error() implements Fault {}

    /** Nothing comes for this long; then the call fails. Nothing was charged. */
    record Hang(Duration time) implements Fault {}

    default String mark() {
        return switch (this) {
            case None() -> "none";
            case Delay(var time) -> "delay";
            case Error() -> "error";
            case Hang(var time) -> "hang";
        };
    }
}
