package dev.perimeter.proxy.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;

/**
 * Joins an accepted connection to an upstream connection until both have ended: bytes both ways with back-pressure,
 * half-close and reset carried across.
 *
 * <p>One instance serves many connections, so it keeps no state of its own; what belongs to a pair of connections lives
 * in the handlers it adds. Both connections of a pair run on the same event loop, so those handlers need no locks.
 */
public interface Relay {

    /**
     * Called once for each accepted connection, on its event loop. Auto-read is off and half-close is allowed
     * ({@code ALLOW_HALF_CLOSURE}), for both connections. Must not block, and must not throw.
     *
     * @param downstream the accepted connection, active, with an empty pipeline
     * @param upstream makes the other connection
     */
    void accepted(Channel downstream, Dialer upstream);

    /** Opens the upstream connection of a pair. */
    interface Dialer {

        /**
         * Starts to connect, on the event loop of {@code downstream}, and adds {@code handler} to the new connection's
         * pipeline before it becomes active. Several endpoints may be tried, so ask the future for its channel only when
         * it has succeeded. The future fails when no endpoint could be reached: the relay then closes
         * {@code downstream}.
         */
        ChannelFuture dial(Channel downstream, ChannelHandler handler);
    }
}
