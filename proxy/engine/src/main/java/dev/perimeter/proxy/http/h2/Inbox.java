package dev.perimeter.proxy.http.h2;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The content of one request on its way in. Bytes are given back to the client's window when the exchange has taken
 * them, and not before: while it is paused the window runs dry, and with it the client. So never more waits here than
 * the window of the stream.
 */
final class Inbox {

    private final Http2Stream stream;
    private final Http2ServerConnection connection;
    private @Nullable RequestHandler reader;
    private @Nullable Deque<ByteBuf> waiting;
    private @Nullable Headers trailers;
    private int taken;
    private boolean paused;
    private boolean draining;
    private boolean endWaits;
    private boolean ended;
    private boolean closed;

    Inbox(Http2Stream stream, Http2ServerConnection connection) {
        this.stream = stream;
        this.connection = connection;
    }

    void deliverTo(RequestHandler handler) {
        reader = handler;
    }

    /** The client has said all it has to say. */
    void ended() {
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }

    /** @return bytes that may be given back at once */
    int data(ByteBuf data, int padding, boolean endOfStream) {
        int size = data.readableBytes() + padding;
        ended |= endOfStream;
        // A reader may still come for what is held, but for nothing else.
        if (closed || reader == null && !paused) {
            return size;
        }
        if (paused || draining) {
            taken += size;
            if (data.isReadable()) {
                queue().addLast(data.retain());
            }
            endWaits |= endOfStream;
            return 0;
        }
        if (reader != null) {
            reader.onData(data.retain(), endOfStream);
        }
        if (paused) {
            taken += size;
            return 0;
        }
        return size;
    }

    void trailers(Headers received) {
        ended = true;
        if (paused || draining) {
            trailers = received;
        } else if (reader != null) {
            reader.onTrailers(received);
        }
    }

    void pause(boolean pause) {
        paused = pause;
        if (paused || draining) {
            return;
        }
        draining = true;
        drain();
        draining = false;
        if (!paused && taken > 0) {
            int back = taken;
            taken = 0;
            connection.consumed(stream, back);
        }
    }

    private void drain() {
        while (!paused && reader != null && waiting != null && !waiting.isEmpty()) {
            ByteBuf next = waiting.removeFirst();
            boolean end = waiting.isEmpty() && endWaits;
            endWaits &= !end;
            reader.onData(next, end);
        }
        if (paused || reader == null) {
            return;
        }
        if (endWaits) {
            endWaits = false;
            reader.onData(Unpooled.EMPTY_BUFFER, true);
        } else if (trailers != null) {
            Headers last = trailers;
            trailers = null;
            reader.onTrailers(last);
        }
    }

    /** Nobody reads any more; what waits and what comes is thrown away. */
    void close() {
        closed = true;
        reader = null;
        if (waiting != null) {
            waiting.forEach(ByteBuf::release);
            waiting.clear();
        }
        if (taken > 0) {
            int back = taken;
            taken = 0;
            connection.consumed(stream, back);
        }
    }

    /** What waits for its reader. */
    long bytes() {
        long bytes = 0;
        if (waiting != null) {
            for (ByteBuf each : waiting) {
                bytes += each.readableBytes();
            }
        }
        return bytes;
    }

    private Deque<ByteBuf> queue() {
        if (waiting == null) {
            waiting = new ArrayDeque<>();
        }
        return waiting;
    }
}
