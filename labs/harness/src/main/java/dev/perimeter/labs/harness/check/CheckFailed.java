package dev.perimeter.labs.harness.check;

/** Ends a check with a status and a story already told. */
public final class CheckFailed extends AssertionError {

    private static final long serialVersionUID = 1L;

    private final Status status;

    CheckFailed(Status status, String seen) {
        super(seen);
        this.status = status;
    }

    /** How the check ended. */
    public Status status() {
        return status;
    }
}
