package dev.perimeter.proxy.filter.chain;

import dev.perimeter.proxy.http.Headers;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A piece of a message that cannot go on at the moment. */
sealed interface Part<H> {

    record Head<H>(H head, boolean endOfStream) implements Part<H> {}

    record Data<H>(ByteBuf data, boolean endOfStream) implements Part<H> {}

    record Trailers<H>(Headers trailers) implements Part<H> {}

    /** Lets go of what it holds. */
    default void release() {
        if (this instanceof Data<H>(ByteBuf data, boolean endOfStream)) {
            data.release();
        }
    }

    /** For a part that goes nowhere: lets go of it and is nothing. */
    static @Nullable ByteBuf released(ByteBuf data) {
        data.release();
        return null;
    }
}
