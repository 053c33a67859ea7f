package dev.perimeter.labs.harness.check;

/**
 * One check and how it ended.
 *
 * @param id lab and number, such as {@code 10.4}
 * @param hidden whether only an instructor's edition holds it
 * @param story what happened; empty steps when it was not reached
 * @param note why it was not reached, or the unexpected error; empty otherwise
 */
public record CheckResult(
        String id,
        String title,
        Status status,
        int points,
        String criterion,
        boolean hidden,
        Story story,
        String note) {

    /** The points it earned: all or nothing. */
    public int earned() {
        return status == Status.PASS ? points : 0;
    }
}
