package dev.perimeter.labs.harness.shop;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;

/**
 * Many orders, a bounded number of them in flight; each is sent once, so that what a failure did to it stays visible.
 *
 * @param inFlight at least 1
 */
public record OrderLoad(Shop shop, int inFlight) {
    /** One order to place, and to place again if it must be. */
    public record Request(String key, String body) {}

    /** What was asked and what came of it. */
    public record Outcome(Request request, OrderReply reply, long nanos) {}

    /**
     * Places all of them and waits for every outcome.
     *
     * @param done called with the number of finished orders, one call at a time
     */
    public List<Outcome> place(List<Request> requests, IntConsumer done) {
        List<Outcome> outcomes = Collections.synchronizedList(new ArrayList<>());
        Semaphore slots = new Semaphore(inFlight);
        int[] finished = {0};
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Request request : requests) {
                slots.acquireUninterruptibly();
                threads.execute(() -> {
                    long began = System.nanoTime();
                    OrderReply reply = shop.place(request.key(), request.body());
                    outcomes.add(new Outcome(request, reply, System.nanoTime() - began));
                    slots.release();
                    synchronized (finished) {
                        done.accept(++finished[0]);
                    }
                });
            }
        }
        return List.copyOf(outcomes);
    }
}
