package dev.perimeter.proxy.overload;

import org.jspecify.annotations.Nullable;

/**
 * What one stream holds in buffers, found out only when somebody asks: a sum kept up to date would cost every part of
 * every body. Linked through itself in the {@link StreamAccounts} of its event loop.
 */
public abstract class StreamAccount {

    @Nullable
    StreamAccount previous;

    @Nullable
    StreamAccount following;

    /** Bytes of bodies that wait for one side or the other; zero when there is no stream at the moment. */
    public abstract long bufferedBytes();

    /** Ends the stream, as memory is short; what it holds is let go. */
    public abstract void reset();
}
