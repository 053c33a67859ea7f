package dev.perimeter.proxy.http.h1;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHandler;
import dev.perimeter.proxy.http.RequestHandlers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.http.ServerStream;
import dev.perimeter.proxy.http.StreamReset;
import dev.perimeter.proxy.http.parse.MessageFraming;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One exchange on a server connection. An object of its own, so that a handler that calls late, when the connection has
 * moved on, talks to nobody instead of to the next request.
 */
final class Http1ServerStream implements ServerStream {

    private enum State {
        NO_HEAD,
        HEAD_SENT,
        ENDED
    }

    private final Http1ServerConnection connection;
    private final MessageWriter writer;
    private final boolean toHead;
    private final boolean http10;
    private @Nullable RequestHandler handler;
    private State state = State.NO_HEAD;
    private boolean last;
    private @Nullable String upgrade;
    private @Nullable RawServerSide raw;

    Http1ServerStream(Http1ServerConnection connection, MessageWriter writer, boolean toHead, boolean http10) {
        this.connection = connection;
        this.writer = writer;
        this.toHead = toHead;
        this.http10 = http10;
    }

    void open(RequestHandlers handlers, RequestHead head, boolean endOfStream) {
        RequestHandler opened = handlers.open(this);
        handler = opened;
        upgrade = head.upgrade() == null ? null : head.upgrade().toLowerCase(Locale.ROOT);
        opened.onHead(head, endOfStream);
    }

    void deliver(ByteBuf data, boolean endOfStream) {
        if (handler == null) {
            data.release();
        } else {
            handler.onData(data, endOfStream);
        }
    }

    void deliverTrailers(Headers trailers) {
        if (handler != null) {
            handler.onTrailers(trailers);
        }
    }

    /** Tells the handler the end and nothing after it; when the connection still stands it may answer. */
    void gone(StreamReset reason) {
        RequestHandler told = handler;
        handler = null;
        boolean complete = ended();
        if (reason.connectionGone()) {
            state = State.ENDED;
        }
        if (told != null && !complete) {
            told.onReset(reason);
        }
    }

    void writable() {
        if (handler != null && !ended()) {
            handler.onWritable();
        }
    }

    /** Both directions of what came after a 101 have ended. */
    void rawEnded() {
        state = State.ENDED;
        handler = null;
    }

    boolean ended() {
        return state == State.ENDED;
    }

    @Override
    public void sendInformational(ResponseHead head) {
        // RFC 9110 section 15.2: an HTTP/1.0 client knows no 1xx.
        if (state == State.NO_HEAD && !http10) {
            if (head.status() == 100) {
                connection.continued();
            }
            writer.bare(connection.outbox(), head);
        }
    }

    @Override
    public void sendHead(ResponseHead head, boolean endOfStream) {
        if (state != State.NO_HEAD) {
            return;
        }
        state = State.HEAD_SENT;
        if (head.status() == 101 && upgrade != null) {
            writer.switching(connection.outbox(), head, upgrade);
            raw = connection.raw(this);
            connection.tunnel(raw);
            return;
        }
        connection.touch();
        Headers headers = head.headers();
        long length = MessageFraming.declared(headers);
        MessageWriter.Framing framing = framing(head.status(), endOfStream, length);
        if (head.status() == 204) {
            headers.remove("content-length");
        }
        last = connection.isLast() || framing == MessageWriter.Framing.UNTIL_CLOSE;
        writer.response(connection.outbox(), head, framing, length, last, http10 && !last);
        if (endOfStream) {
            end();
        }
    }

    /** RFC 9112 section 6.3, seen from the sender. */
    private MessageWriter.Framing framing(int status, boolean endOfStream, long length) {
        if (toHead || status == 204 || status == 304 || endOfStream && length == 0) {
            return MessageWriter.Framing.NO_CONTENT;
        }
        if (endOfStream) {
            return MessageWriter.Framing.EMPTY_CONTENT;
        }
        if (length != MessageFraming.NONE) {
            return MessageWriter.Framing.LENGTH;
        }
        return http10 ? MessageWriter.Framing.UNTIL_CLOSE : MessageWriter.Framing.CHUNKED;
    }

    @Override
    public void sendData(ByteBuf data, boolean endOfStream) {
        if (state != State.HEAD_SENT) {
            data.release();
            return;
        }
        if (raw != null) {
            raw.send(data, endOfStream);
            return;
        }
        connection.touch();
        finish(writer.data(connection.outbox(), data, endOfStream), endOfStream);
    }

    @Override
    public void sendTrailers(Headers trailers) {
        if (raw != null) {
            raw.send(Unpooled.EMPTY_BUFFER, true);
        } else if (state == State.HEAD_SENT) {
            finish(writer.trailers(connection.outbox(), trailers), true);
        }
    }

    private void finish(boolean lengthKept, boolean endOfStream) {
        if (!lengthKept) {
            // Not what the head promised: the client must not take it for whole. The close reaches the handler.
            channel().close();
        } else if (endOfStream) {
            end();
        }
    }

    private void end() {
        state = State.ENDED;
        connection.replied(last);
    }

    @Override
    public void reset() {
        if (state != State.ENDED) {
            state = State.ENDED;
            handler = null;
            if (raw != null) {
                // Without framing only a reset tells a part from the whole.
                channel().config().setOption(ChannelOption.SO_LINGER, 0);
            }
            channel().close();
        }
    }

    @Override
    public boolean isWritable() {
        return channel().isWritable();
    }

    @Override
    public void pauseReading(boolean pause) {
        if (raw != null) {
            raw.pause(pause);
        } else if (state != State.ENDED) {
            connection.pause(pause);
        }
    }

    @Override
    public void closeAfterwards() {
        if (state != State.ENDED) {
            connection.closeAfterwards();
        }
    }

    @Override
    public boolean ownsConnection() {
        return true;
    }

    @Override
    public Channel tunnel(ResponseHead head, ChannelHandler tunnel) {
        Channel whole = channel();
        if (state == State.NO_HEAD) {
            state = State.ENDED;
            handler = null;
            head.headers().remove("content-length");
            writer.bare(connection.outbox(), head);
            connection.tunnel(tunnel);
        }
        return whole;
    }

    @Override
    public long bufferedBytes() {
        return state == State.ENDED ? 0 : raw != null ? raw.bufferedBytes() : connection.bufferedBytes();
    }

    @Override
    public Channel channel() {
        return connection.channel();
    }
}
