package dev.perimeter.proxy.http.h2;

import dev.perimeter.proxy.http.ClientStream;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHandler;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.http.StreamReset;
import dev.perimeter.proxy.http.hpack.SentFields;
import dev.perimeter.proxy.http.parse.MessageFraming;
import dev.perimeter.proxy.http.upgrade.WebSocketKey;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One exchange on a client connection; after its end every call falls silent. A response that is not wanted right now
 * waits here, up to the window that the peer was given.
 */
final class Http2ClientStream implements ClientStream {

    private static final int MAX_INFORMATIONAL = 32;

    /** A held piece smaller than this is copied, so that it does not keep a whole read in memory. */
    private static final int COPY_HELD = 2048;

    /** Asks why the stream was closed. */
    @FunctionalInterface
    interface Why {
        /** @param silent whether nothing came back on a connection that had worked before */
        StreamReset reason(boolean silent);
    }

    private final Http2ClientConnection connection;
    private final ResponseHandler handler;
    private final boolean toHead;
    private final boolean upgrade;
    private final @Nullable String webSocketKey;
    private @Nullable Http2Stream stream;
    private @Nullable Deque<ByteBuf> held;
    private @Nullable Headers heldTrailers;
    private long requestRemaining;
    private long responseRemaining = MessageFraming.NONE;
    private int informational;
    private int untaken;
    private boolean reused;
    private boolean begun;
    private boolean headSeen;
    private boolean upgraded;
    private boolean remoteEnded;
    private boolean delivered;
    private boolean requestEnded;
    private boolean paused;
    private boolean over;

    Http2ClientStream(Http2ClientConnection connection, RequestHead head, ResponseHandler handler) {
        this.connection = connection;
        this.handler = handler;
        this.toHead = head.method().equals("HEAD");
        this.upgrade = head.upgrade() != null;
        this.webSocketKey = WebSocketKey.isFor(head) ? head.headers().get(WebSocketKey.KEY) : null;
        this.requestRemaining = MessageFraming.declared(head.headers());
    }

    /** @param onReused whether the connection had carried a request before */
    void opened(Http2Stream frames, boolean onReused, boolean endOfStream) {
        stream = frames;
        reused = onReused;
        requestEnded = endOfStream;
    }

    boolean isOver() {
        return over;
    }

    boolean headSeen() {
        return headSeen;
    }

    /** @param length of the content as declared, or {@link MessageFraming#NONE} */
    void head(ResponseHead head, boolean endOfStream, long length) {
        begun = true;
        int status = head.status();
        if (status < 200) {
            informational(head, endOfStream);
            return;
        }
        headSeen = true;
        remoteEnded = endOfStream;
        if (!toHead && status != 304) {
            responseRemaining = length;
        }
        if (endOfStream && responseRemaining > 0) {
            malformed("the content is not as long as was said (RFC 9113 section 8.1.1)");
            return;
        }
        over |= endOfStream;
        upgraded = upgrade && status < 300 && !endOfStream;
        handler.onHead(upgraded ? switched(head) : head, endOfStream);
        if (upgraded) {
            writable();
        }
    }

    /** RFC 8441 section 5: 200 is what 101 is in HTTP/1.1, which is how everybody here knows it. */
    private ResponseHead switched(ResponseHead head) {
        head.headers().remove(WebSocketKey.ACCEPT);
        if (webSocketKey != null) {
            head.headers().add(WebSocketKey.ACCEPT, WebSocketKey.accept(webSocketKey));
        }
        return new ResponseHead(101, "", head.headers());
    }

    /** The response is whole; in another protocol each direction has an end of its own. */
    private void ends(boolean endOfStream) {
        over |= endOfStream && (!upgraded || requestEnded);
    }

    private void informational(ResponseHead head, boolean endOfStream) {
        if (endOfStream) {
            malformed("an interim response ends the stream (RFC 9113 section 8.1)");
        } else if (++informational > MAX_INFORMATIONAL) {
            malformed("an endless row of 1xx responses (RFC 9110 section 15.2)");
        } else {
            head.headers().remove("content-length");
            handler.onInformational(head);
        }
    }

    /** @return how much of it is done with; the rest is given back when it is taken */
    int data(ByteBuf data, int padding, boolean endOfStream) {
        int count = data.readableBytes();
        if (over) {
            return count + padding;
        }
        if (!headSeen) {
            malformed("content before the head (RFC 9113 section 8.1)");
            return count + padding;
        }
        remoteEnded = endOfStream;
        if (responseRemaining != MessageFraming.NONE) {
            responseRemaining -= count;
            if (responseRemaining < 0 || endOfStream && responseRemaining > 0) {
                malformed("the content is not as long as was said (RFC 9113 section 8.1.1)");
                return count + padding;
            }
        }
        if (paused) {
            hold(data);
            untaken += count;
            return padding;
        }
        delivered = endOfStream;
        ends(endOfStream);
        handler.onData(data.retain(), endOfStream);
        if (paused) {
            // What the handler has to keep for somebody slow is not done with either.
            untaken += count;
            return padding;
        }
        return count + padding;
    }

    void trailers(Headers trailers) {
        remoteEnded = true;
        if (responseRemaining > 0) {
            malformed("the content is not as long as was said (RFC 9113 section 8.1.1)");
        } else if (paused) {
            heldTrailers = trailers;
        } else if (!over) {
            delivered = true;
            ends(true);
            end(trailers);
        }
    }

    private void end(Headers trailers) {
        if (trailers.size() == 0) {
            handler.onData(Unpooled.EMPTY_BUFFER, true);
        } else {
            handler.onTrailers(trailers);
        }
    }

    private void hold(ByteBuf data) {
        if (held == null) {
            held = new ArrayDeque<>(4);
        }
        int count = data.readableBytes();
        if (count > 0) {
            held.addLast(
                    count < COPY_HELD
                            ? connection.channel().alloc().buffer(count).writeBytes(data)
                            : data.retain());
        }
    }

    /** What was held goes on, as long as it is wanted. */
    private void deliver() {
        Deque<ByteBuf> waiting = held;
        while (!paused && !over && waiting != null && !waiting.isEmpty()) {
            ByteBuf next = waiting.pollFirst();
            boolean end = remoteEnded && waiting.isEmpty() && heldTrailers == null;
            if (end) {
                delivered = true;
                ends(true);
            }
            handler.onData(next, end);
        }
        if (!paused && !over && remoteEnded && !delivered) {
            delivered = true;
            ends(true);
            end(heldTrailers == null ? new Headers() : heldTrailers);
        }
        if (!paused && stream != null && untaken > 0) {
            int bytes = untaken;
            untaken = 0;
            connection.taken(stream, bytes);
        }
    }

    void writable() {
        if (!over && !requestEnded) {
            handler.onWritable();
        }
    }

    /** What came breaks the protocol. */
    void malformed(String sentence) {
        Http2Stream open = stream;
        fail(new StreamReset(
                StreamReset.Cause.PROTOCOL_ERROR, false, "the upstream's response is refused: " + sentence));
        if (open != null) {
            connection.reset(open, Http2Error.PROTOCOL_ERROR);
        }
    }

    /** The upstream ended the stream; after the whole response that says only that it wants no more of the request. */
    void resetByPeer(long code) {
        if (code == Http2Error.REFUSED_STREAM.code()) {
            fail(new StreamReset(
                    StreamReset.Cause.NOT_PROCESSED, false, "the upstream refused the stream (REFUSED_STREAM)"));
        } else if (!remoteEnded || upgraded && !requestEnded) {
            Http2Error error = Http2Error.valueOf(code);
            fail(new StreamReset(
                    StreamReset.Cause.REMOTE_RESET,
                    false,
                    "the upstream reset the stream (" + (error == null ? code : error.name()) + ")"));
        }
    }

    /** The stream is no more; if it was not at its end, the handler learns why. */
    void closed(Why why) {
        stream = null;
        if ((!remoteEnded || upgraded && !requestEnded) && !over) {
            fail(why.reason(reused && !begun));
        }
    }

    void fail(StreamReset reason) {
        if (!over) {
            drop();
            handler.onReset(reason);
        }
    }

    private void drop() {
        over = true;
        if (held != null) {
            held.forEach(ByteBuf::release);
            held.clear();
        }
        heldTrailers = null;
    }

    @Override
    public void sendData(ByteBuf data, boolean endOfStream) {
        Http2Stream open = stream;
        if (over || requestEnded || open == null) {
            data.release();
            return;
        }
        if (requestRemaining != MessageFraming.NONE) {
            requestRemaining -= data.readableBytes();
            if (requestRemaining < 0 || endOfStream && requestRemaining > 0) {
                data.release();
                torn(open);
                return;
            }
        }
        requestEnded = endOfStream;
        connection.sendData(open, data, endOfStream);
        over |= endOfStream && upgraded && delivered;
    }

    @Override
    public void sendTrailers(Headers trailers) {
        Http2Stream open = stream;
        if (over || requestEnded || open == null) {
            return;
        }
        if (requestRemaining > 0) {
            torn(open);
            return;
        }
        requestEnded = true;
        over |= upgraded && delivered;
        connection.sendTrailers(open, SentFields.trailers(trailers));
    }

    /** Not what the head promised: the upstream must not take it for whole. */
    private void torn(Http2Stream open) {
        connection.reset(open, Http2Error.CANCEL);
    }

    @Override
    public void reset() {
        Http2Stream open = stream;
        if (open != null && !(remoteEnded && requestEnded)) {
            drop();
            connection.reset(open, Http2Error.CANCEL);
        } else if (!over) {
            drop();
            connection.forget(this);
        }
    }

    @Override
    public boolean isWritable() {
        Http2Stream open = stream;
        // Before an upgrade is granted nobody knows whose bytes these would be.
        return open != null
                && (!upgrade || headSeen)
                && connection.encoder().flowController().isWritable(open);
    }

    @Override
    public void pauseReading(boolean pause) {
        paused = pause;
        if (!pause) {
            deliver();
        }
    }

    @Override
    public long bufferedBytes() {
        long bytes = stream == null ? 0 : connection.backlog(stream);
        if (held != null) {
            for (ByteBuf each : held) {
                bytes += each.readableBytes();
            }
        }
        return bytes;
    }

    @Override
    public Channel channel() {
        return connection.channel();
    }
}
