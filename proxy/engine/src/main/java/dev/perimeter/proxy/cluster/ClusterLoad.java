package dev.perimeter.proxy.cluster;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much a cluster has to do at this moment, over all event loops, to be held against its limits. Loops race for the
 * last place; the limits are soft by as many as there are loops (as in Envoy).
 */
public final class ClusterLoad {

    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();

    public AtomicInteger connections() {
        return connections;
    }

    /** Requests that wait for a connection. */
    public AtomicInteger pending() {
        return pending;
    }

    public AtomicInteger requests() {
        return requests;
    }
}
