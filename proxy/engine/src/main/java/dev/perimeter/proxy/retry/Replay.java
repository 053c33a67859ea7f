package dev.perimeter.proxy.retry;

import dev.perimeter.proxy.http.ClientStream;
import dev.perimeter.proxy.http.Headers;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request as far as it came, kept for attempts to come. Bounded: a body that does not fit is forgotten, and
 * the request cannot be repeated any more. Belongs to one event loop; whoever made it must {@link #release()} it.
 */
public final class Replay {

    /** Up to here bytes are copied: a small part of a read keeps the whole buffer it was read into. */
    private static final int COPY_UP_TO = 2048;

    private static final int COPY_BUFFER = 2 * COPY_UP_TO;

    private final long limit;
    private final List<ByteBuf> parts = new ArrayList<>(4);
    private @Nullable ByteBuf tail;
    private @Nullable Headers trailers;
    private long bytes;
    private boolean ended;
    private boolean lost;

    /** @param limit in bytes, 0 or more */
    public Replay(long limit) {
        this.limit = limit;
    }

    /**
     * Keeps a part; {@code data} is as it was.
     *
     * @param sent whether the part reaches an upstream now. One that does not is kept beyond the limit: there will be
     *     no more of them, since nothing is read meanwhile
     */
    public void add(ByteBuf data, boolean endOfStream, boolean sent) {
        ended |= endOfStream;
        if (lost) {
            return;
        }
        int count = data.readableBytes();
        bytes += count;
        if (bytes > limit && sent) {
            release();
        } else if (count > COPY_UP_TO) {
            parts.add(data.retainedDuplicate());
            tail = null;
        } else if (count > 0) {
            copy(data, count);
        }
    }

    private void copy(ByteBuf data, int count) {
        ByteBuf into = tail;
        if (into == null || into.writableBytes() < count) {
            into = data.alloc().buffer(COPY_BUFFER, COPY_BUFFER);
            parts.add(into);
            tail = into;
        }
        into.writeBytes(data, data.readerIndex(), count);
    }

    public void add(Headers last) {
        trailers = last;
        ended = true;
    }

    /** Whether everything that came so far can be sent again. */
    public boolean isWhole() {
        return !lost;
    }

    /** Sends what came so far, in full even if it fails half-way: a stream that is over lets go of what it gets. */
    public void sendTo(ClientStream stream) {
        int last = parts.size() - 1;
        boolean endsInData = ended && trailers == null;
        for (int i = 0; i <= last && i < parts.size(); i++) {
            stream.sendData(parts.get(i).retainedDuplicate(), endsInData && i == last);
        }
        if (endsInData && last < 0) {
            stream.sendData(io.netty.buffer.Unpooled.EMPTY_BUFFER, true);
        } else if (trailers != null) {
            stream.sendTrailers(trailers);
        }
    }

    /** Held at the moment. */
    public long bytes() {
        return lost ? 0 : bytes;
    }

    public void release() {
        lost = true;
        tail = null;
        parts.forEach(ByteBuf::release);
        parts.clear();
    }
}
