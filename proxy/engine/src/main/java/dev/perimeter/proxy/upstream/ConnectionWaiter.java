package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.cluster.Priority;

/** A request that wants a connection. Exactly one of the three answers comes, on the event loop of the request. */
interface ConnectionWaiter {

    void connected(PooledConnection connection);

    void connectFailed(Throwable cause);

    /** @param limit the limit that was met, in words */
    void overflowed(String limit);

    /** False when the request was given up meanwhile. */
    boolean isWaiting();

    EndpointPool endpoint();

    /** Whose limits it counts against. */
    Priority priority();

    /** For clusters that are spoken to as the client speaks. */
    boolean cameByHttp2();
}
