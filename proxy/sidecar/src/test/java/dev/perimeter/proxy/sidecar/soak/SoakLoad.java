package dev.perimeter.proxy.sidecar.soak;

import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/** Clients of every kind, each asking one thing after another until it is told to stop. */
final class SoakLoad implements AutoCloseable {

    private static final int MOST_FAILURES = 20;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, LongAdder> done = new TreeMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    /** @param once what such a client does again and again; answers what was wrong, or nothing */
    void run(String what, int clients, Callable<String> once) {
        LongAdder adder = new LongAdder();
        done.put(what, adder);
        for (int i = 0; i < clients; i++) {
            threads.execute(() -> {
                while (!stopped && failures.size() < MOST_FAILURES) {
                    String wrong;
                    try {
                        wrong = once.call();
                    } catch (Exception failed) {
                        wrong = failed.toString();
                    }
                    if (wrong.isEmpty()) {
                        adder.increment();
                    } else {
                        failures.add(what + ": " + wrong);
                    }
                }
            });
        }
    }

    /** How often each kind succeeded. */
    Map<String, LongAdder> done() {
        return done;
    }

    Queue<String> failures() {
        return failures;
    }

    /** Waits for what is under way. */
    @Override
    public void close() {
        stopped = true;
        threads.close();
    }
}
