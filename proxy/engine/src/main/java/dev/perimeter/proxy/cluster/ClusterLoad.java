package dev.perimeter.proxy.cluster;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much a cluster has to do at this moment, over all event loops, to be held against its limits; each priority on its
 * own. Loops race for the last place; the limits are soft by as many as there are loops (as in Envoy).
 */
public final class ClusterLoad {

    /** What one priority has under way. */
    public static final class Share {

        private final AtomicInteger connections = new AtomicInteger();
        private final AtomicInteger pending = new AtomicInteger();
        private final AtomicInteger requests = new AtomicInteger();
        private final AtomicInteger retries = new AtomicInteger();

        public AtomicInteger connections() {
            return connections;
        }

        /** Requests that wait for a connection. */
        public AtomicInteger pending() {
            return pending;
        }

        /** Attempts in flight, those that wait for a connection included. */
        public AtomicInteger requests() {
            return requests;
        }

        /** Retries that wait for their time or are in flight. */
        public AtomicInteger retries() {
            return retries;
        }

        /** Takes a place for a retry if there is one; {@code retries()} is to be decremented when it is over. */
        public boolean admitRetry(RetryLimit limit) {
            // The request that asks has just ended an attempt and still counts as one.
            if (!limit.allows(retries.get(), requests.get() + 1)) {
                return false;
            }
            retries.incrementAndGet();
            return true;
        }
    }

    private final Share standard = new Share();
    private final Share high = new Share();

    public Share of(Priority priority) {
        return priority == Priority.HIGH ? high : standard;
    }

    public AtomicInteger connections() {
        return standard.connections();
    }

    /** Requests that wait for a connection. */
    public AtomicInteger pending() {
        return standard.pending();
    }

    public AtomicInteger requests() {
        return standard.requests();
    }
}
