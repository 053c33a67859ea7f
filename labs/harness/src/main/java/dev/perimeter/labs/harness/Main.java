package dev.perimeter.labs.harness;

import dev.perimeter.labs.harness.cli.Lab;

/** Entry of {@code scripts/lab}; the launcher has found a JDK 25 and built this jar. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        int status = Lab.commandLine().execute(args);
        System.out.flush();
        // Halts even if a client library left a thread behind; shutdown hooks still run.
        System.exit(status);
    }
}
