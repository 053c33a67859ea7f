package dev.perimeter.proxy.cluster;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What one event loop did with one endpoint of one cluster. That loop alone writes, so ordered stores are enough; whoever
 * reads adds the loops up.
 */
public final class EndpointCounters {

    static final int REQUESTS = 0;
    static final int ACTIVE = 1;
    static final int CONNECTIONS = 2;
    static final int CONNECT_FAILURES = 3;
    static final int SUCCESSES = 4;
    static final int ERRORS = 5;
    static final int TIMEOUTS = 6;
    static final int LOCAL_FAILURES = 7;

    /** One cache line for the numbers and one to keep them apart from those of other loops. */
    private static final int ROOM = 16;

    private final AtomicLongArray cells = new AtomicLongArray(ROOM);

    EndpointCounters() {}

    private void add(int cell, long amount) {
        cells.lazySet(cell, cells.getPlain(cell) + amount);
    }

    long get(int cell) {
        return cells.get(cell);
    }

    /** A connection is being opened. */
    public void opened() {
        add(CONNECTIONS, 1);
    }

    public void closed() {
        add(CONNECTIONS, -1);
    }

    public void connectFailed() {
        add(CONNECTIONS, -1);
        add(CONNECT_FAILURES, 1);
    }

    /** A request, or a TCP connection, is sent there. */
    public void requestBegan() {
        add(REQUESTS, 1);
        add(ACTIVE, 1);
    }

    public void requestEnded() {
        add(ACTIVE, -1);
    }

    /** Envoy counts an answer of 500 and above as an error. */
    void answered(int status) {
        add(status >= 500 ? ERRORS : SUCCESSES, 1);
    }

    void failed(boolean timeout) {
        add(ERRORS, 1);
        add(LOCAL_FAILURES, 1);
        if (timeout) {
            add(TIMEOUTS, 1);
        }
    }

    /** Of this loop alone. */
    public boolean hasConnections() {
        return cells.getPlain(CONNECTIONS) > 0;
    }
}
