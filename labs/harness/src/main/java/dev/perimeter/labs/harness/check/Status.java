package dev.perimeter.labs.harness.check;

/** How a check ended, and what to do next. */
public enum Status {
    PASS("passed", ""),
    FAIL("failed", "Read what was expected and what was seen; the caret marks the difference."),
    TIMEOUT("failed", "Nothing more came, and nothing ended. Which side waits for whom?"),
    OOM("failed", "The process ran out of memory: something is kept that should have been passed on."),
    CRASH("failed", "The process ended by itself; what it said last stands above."),
    NOT_REACHED("not reached", "Nothing to fix here yet: pass the check it stands on first."),
    INFRA("not reached", "This is a fault of the lab or of this machine, not yours. Run it again."),
    SKIPPED("not reached", "This machine cannot run it; the reason stands beside it.");

    private final String state;
    private final String next;

    Status(String state, String next) {
        this.state = state;
        this.next = next;
    }

    /** One of three: passed, failed, not reached. */
    public String state() {
        return state;
    }

    /** One sentence; empty when there is nothing to do. */
    public String next() {
        return next;
    }
}
