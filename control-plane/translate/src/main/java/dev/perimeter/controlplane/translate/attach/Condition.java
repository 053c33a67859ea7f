package dev.perimeter.controlplane.translate.attach;

/**
 * One statement about an object, as the Gateway API has them.
 *
 * @param type what is stated
 * @param holds whether it is so
 * @param reason one word for programs
 * @param message one sentence for people
 */
public record Condition(Type type, boolean holds, String reason, String message) {
    /** What can be stated. */
    public enum Type {
        /** The object is valid and has a place in the mesh. */
        ACCEPTED("Accepted"),
        /** What it refers to is there. */
        RESOLVED_REFS("ResolvedRefs"),
        /** Every proxy concerned has taken it over. */
        PROGRAMMED("Programmed");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    static Condition yes(Type type, String message) {
        return new Condition(type, true, type.word(), message);
    }

    static Condition no(Type type, String reason, String message) {
        return new Condition(type, false, reason, message);
    }
}
