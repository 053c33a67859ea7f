package dev.perimeter.labs.harness;

import dev.perimeter.labs.harness.cli.Lab;

/** Entry of {@code scripts/lab}; the launcher has found a JDK 25 and built this jar. */
public final class Main {
    private Main() {}

    /** The command tells its exceptions itself; what is left are the errors of a JVM, a full memory first of all. */
    private static int run(String[] args) {
        try {
            return Lab.commandLine().execute(args);
        } catch (VirtualMachineError error) {
            System.err.println("lab: this JVM cannot go on: " + error + "; please report what you gave it to do.");
            return 1;
        }
    }

    public static void main(String[] args) {
        int status = run(args);
        System.out.flush();
        // Halts even if a client library left a thread behind; shutdown hooks still run.
        System.exit(status);
    }
}
