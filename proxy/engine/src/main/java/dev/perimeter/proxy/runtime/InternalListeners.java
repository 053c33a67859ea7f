package dev.perimeter.proxy.runtime;

import io.netty.channel.ChannelHandler;
import org.jspecify.annotations.Nullable;

/** The listeners that take connections from within this proxy alone (Envoy: internal_listener). */
@FunctionalInterface
public interface InternalListeners {

    /**
     * A way into that listener. May be asked on any event loop.
     *
     * @return a handler that, put into the pipeline of an active channel, makes it a connection of the listener and gives
     *     its place to what the filter chain says; null when there is no such listener
     */
    @Nullable
    ChannelHandler entrance(String listener);
}
