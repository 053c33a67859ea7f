package dev.perimeter.proxy.cluster.health;

/**
 * Told how each attempt at an endpoint ended, exactly once for each attempt that was sent there. Called on the event loop
 * of the attempt; must not block.
 */
public interface EndpointOutcome {

    /** Why there is no answer. */
    enum LocalFailure {
        CONNECT_FAILED,
        CONNECT_TIMEOUT,
        /** The endpoint broke off, or did not speak the protocol. */
        RESET,
        /** The per-try or overall time-out of the request came first. */
        TIMEOUT
    }

    /**
     * The endpoint answered.
     *
     * @param status of the answer; for a gRPC call that failed, the HTTP status its {@code grpc-status} stands for
     * @param nanos from the begin of the attempt to the head of its answer
     */
    void answered(int status, long nanos);

    /** The endpoint did not answer. An attempt that was given up for reasons of its own (client gone) is not told. */
    void failed(LocalFailure why, long nanos);
}
