package dev.perimeter.labs.harness;

/**
 * What was asked for cannot be done, and its message is the one sentence, with the fix, that the person at the terminal
 * gets. Not a bug: the command ends with status 1 and without a stack trace.
 */
public final class Refused extends RuntimeException {
    public Refused(String sentence) {
        super(sentence);
    }

    public Refused(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /** The sentence. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
