package dev.perimeter.proxy.cluster;

/**
 * How many retries of a cluster may be under way at one moment, so that a cluster in trouble does not get the multiple of
 * what it could not take. A retry holds its place from the decision to the end of its request (as in Envoy).
 */
public sealed interface RetryLimit {

    /** Envoy's default: three at a time. */
    RetryLimit STANDARD = new Standard();

    /**
     * @param retries under way, without the one asked for
     * @param requests in flight or waiting for a connection
     */
    boolean allows(int retries, int requests);

    /** How many more may begin, 0 or more. */
    int remaining(int retries, int requests);

    /**
     * Whether moving on to another endpoint counts when no connection came about. That costs no upstream any work, so it
     * is free unless the operator has set a limit.
     */
    boolean countsFailover();

    record Standard() implements RetryLimit {

        private static final int MAX = 3;

        @Override
        public boolean allows(int retries, int requests) {
            return retries < MAX;
        }

        @Override
        public int remaining(int retries, int requests) {
            return Math.max(0, MAX - retries);
        }

        @Override
        public boolean countsFailover() {
            return false;
        }
    }

    /** Envoy: max_retries. */
    record Count(int max) implements RetryLimit {
        @Override
        public boolean allows(int retries, int requests) {
            return retries < max;
        }

        @Override
        public int remaining(int retries, int requests) {
            return Math.max(0, max - retries);
        }

        @Override
        public boolean countsFailover() {
            return true;
        }
    }

    /**
     * Envoy: retry_budget.
     *
     * @param percent of the requests in flight or waiting, 0 to 100
     * @param minConcurrency that many are always allowed
     */
    record Budget(double percent, int minConcurrency) implements RetryLimit {
        @Override
        public boolean allows(int retries, int requests) {
            return retries < max(requests);
        }

        @Override
        public int remaining(int retries, int requests) {
            return Math.max(0, max(requests) - retries);
        }

        @Override
        public boolean countsFailover() {
            return true;
        }

        private int max(int requests) {
            return Math.max(minConcurrency, (int) (requests * percent / 100));
        }
    }
}
