package dev.perimeter.proxy.overload;

import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.failure.ResponseFlag;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.overload.OverloadConfig.Action;
import dev.perimeter.proxy.overload.OverloadConfig.Pressure;
import dev.perimeter.proxy.overload.OverloadConfig.Trigger;
import dev.perimeter.proxy.route.HeaderEdit;
import dev.perimeter.proxy.route.HeaderEdits;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

/**
 * How hard pressed this process is, asked by event loops for each connection and request. Written by the {@link
 * HeapWatch}; a loop may see a change a moment late, which is why the fields are plain volatiles.
 */
public final class Overload {

    /** How long a client should stay away; the watch looks about as often. */
    private static final String RETRY_AFTER_SECONDS = "1";

    public static final Failure.Refused REFUSAL = new Failure.Refused(
            503, "overload", "overloaded, try again later", ResponseFlag.OVERLOADED, retryAfter(), -1);

    private final OverloadConfig config;
    private final AtomicInteger connections = new AtomicInteger();
    private final Map<String, AtomicInteger> ofListeners = new ConcurrentHashMap<>();
    private final LongAdder refusedRequests = new LongAdder();
    private final LongAdder refusedConnections = new LongAdder();
    private final LongAdder resetStreams = new LongAdder();
    private final boolean limitsConnections;
    private final boolean pressedByConnections;
    private volatile double heap;
    private volatile double stopRequests;
    private volatile double closing;
    private volatile double rejecting;
    private volatile boolean ending;

    public Overload(OverloadConfig config) {
        this.config = config;
        config.listenerConnections().keySet().forEach(name -> ofListeners.put(name, new AtomicInteger()));
        limitsConnections = config.maxConnections() > 0 || !ofListeners.isEmpty();
        pressedByConnections = config.maxConnections() > 0
                && config.triggers().stream().anyMatch(trigger -> trigger.pressure() == Pressure.CONNECTIONS);
    }

    private static HeaderEdits retryAfter() {
        return switch (HeaderEdits.of(List.of(new HeaderEdit.Set("retry-after", RETRY_AFTER_SECONDS)))) {
            case Parsed.Ok<HeaderEdits>(HeaderEdits edits) -> edits;
            case Parsed.Bad<HeaderEdits> bad -> throw new IllegalStateException(bad.sentence());
        };
    }

    public OverloadConfig config() {
        return config;
    }

    /** Whether a connection may stay. One that may has to be given back by {@link #closed}. */
    public boolean admit(String listener, RandomGenerator random) {
        if (rejecting > 0 && random.nextDouble() < rejecting) {
            refusedConnections.increment();
            return false;
        }
        if (!limitsConnections) {
            return true;
        }
        int all = connections.incrementAndGet();
        AtomicInteger own = ofListeners.get(listener);
        boolean tooMany = config.maxConnections() > 0 && all > config.maxConnections();
        if (own != null) {
            tooMany |= own.incrementAndGet() > config.listenerConnections().getOrDefault(listener, Integer.MAX_VALUE);
        }
        if (tooMany) {
            refusedConnections.increment();
            closed(listener);
        }
        return !tooMany;
    }

    /** A connection that was admitted is gone. */
    public void closed(String listener) {
        if (limitsConnections) {
            connections.decrementAndGet();
            AtomicInteger own = ofListeners.get(listener);
            if (own != null) {
                own.decrementAndGet();
            }
            if (pressedByConnections) {
                // Below a threshold again at once; the watch will say so a little later anyway.
                measured(heap);
            }
        }
    }

    /** Whether a new request is to be answered with {@link #REFUSAL}. */
    public boolean refusesRequest(RandomGenerator random) {
        double part = stopRequests;
        if (part == 0 || (part < 1 && random.nextDouble() >= part)) {
            return false;
        }
        refusedRequests.increment();
        return true;
    }

    /** Whether the reply that begins is to be the last of its connection. */
    public boolean endsConnection(RandomGenerator random) {
        double part = closing;
        return ending || (part > 0 && (part >= 1 || random.nextDouble() < part));
    }

    /** From now on, until told otherwise, each reply is the last of its connection: the process is about to go. */
    public void endConnections(boolean on) {
        ending = on;
    }

    /** @param pressure of the heap, 1 is full; returns how far each action is in force */
    Map<Action, Double> measured(double pressure) {
        heap = pressure;
        Map<Action, Double> force = new EnumMap<>(Action.class);
        for (Trigger trigger : config.triggers()) {
            double measured = trigger.pressure() == Pressure.HEAP ? pressure : connectionPressure();
            force.merge(trigger.action(), trigger.force(measured), Math::max);
        }
        stopRequests = force.getOrDefault(Action.STOP_ACCEPTING_REQUESTS, 0.0);
        closing = force.getOrDefault(Action.DISABLE_HTTP_KEEPALIVE, 0.0);
        rejecting = force.getOrDefault(Action.REJECT_INCOMING_CONNECTIONS, 0.0);
        return force;
    }

    /** On the event loop of these accounts: ends the largest streams. @param force above 0, at most 1 */
    public void reset(StreamAccounts accounts, double force) {
        resetStreams.add(accounts.reset(force));
    }

    /** Streams ended so far because memory was short. */
    public long resetStreams() {
        return resetStreams.sum();
    }

    private double connectionPressure() {
        return config.maxConnections() == 0 ? 0 : (double) connections.get() / config.maxConnections();
    }

    /** From 0; 1 is what the config allows. */
    public double heapPressure() {
        return heap;
    }

    public long refusedRequests() {
        return refusedRequests.sum();
    }

    public long refusedConnections() {
        return refusedConnections.sum();
    }
}
