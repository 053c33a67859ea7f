package dev.perimeter.controlplane.server;

import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the control plane and leaves it running until SIGTERM. */
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private Main() {}

    /** Exits with 2 for a bad command line and 1 if it cannot start, each with one sentence on standard error. */
    public static void main(String[] words) {
        switch (Arguments.parse(List.of(words))) {
            case Arguments.Bad bad -> {
                System.err.println(bad.sentence());
                System.exit(2);
            }
            case Arguments.Good good -> start(good.arguments());
        }
    }

    private static void start(Arguments arguments) {
        try {
            ControlPlane running = ControlPlane.start(arguments);
            Runtime.getRuntime().addShutdownHook(new Thread(running::close, "stop"));
        } catch (IOException cannotStart) {
            System.err.println(cannotStart.getMessage());
            System.exit(1);
        } catch (RuntimeException | Error fault) {
            // Threads that run already would keep a process that serves nothing.
            LOG.error("A fault of the control plane itself; it does not start.", fault);
            System.exit(1);
        }
    }
}
