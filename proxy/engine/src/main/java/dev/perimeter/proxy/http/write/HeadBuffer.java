package dev.perimeter.proxy.http.write;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * One buffer on the heap for each event loop. A head is dozens of small writes, and each of them costs several times as
 * much on a direct buffer as on an array; so it is put together here and copied out once.
 */
public final class HeadBuffer {

    private static final int USUAL = 2048;

    /** A buffer that grew beyond this is not kept. */
    private static final int KEEP = 64 * 1024;

    private static final FastThreadLocal<ByteBuf> OF_LOOP = new FastThreadLocal<>() {
        @Override
        protected ByteBuf initialValue() {
            return Unpooled.buffer(USUAL);
        }
    };

    private HeadBuffer() {}

    /**
     * The buffer, empty. It holds until the next call on the same thread: nothing that may write another head, as making
     * room in an outbox can, comes between this and the copying.
     */
    public static ByteBuf begin() {
        ByteBuf buffer = OF_LOOP.get();
        if (buffer.capacity() > KEEP) {
            buffer = Unpooled.buffer(USUAL);
            OF_LOOP.set(buffer);
        }
        return buffer.clear();
    }
}
