package dev.perimeter.labs.harness.lab;

import java.util.List;
import java.util.stream.Collectors;

/** A lab's file says something that cannot be used; the message is one line a problem. Meant for the command line. */
public final class BadLab extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    BadLab(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Everything that was found wrong, in the order of the file. */
    public List<Problem> problems() {
        return problems;
    }
}
