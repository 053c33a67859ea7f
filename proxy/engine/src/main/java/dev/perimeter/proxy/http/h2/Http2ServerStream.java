package dev.perimeter.proxy.http.h2;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHandler;
import dev.perimeter.proxy.http.RequestHandlers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.http.ServerStream;
import dev.perimeter.proxy.http.StreamReset;
import dev.perimeter.proxy.http.hpack.FieldViolation;
import dev.perimeter.proxy.http.parse.MessageFraming;
import dev.perimeter.proxy.http.tunnel.Carrier;
import dev.perimeter.proxy.http.tunnel.StreamChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/** One exchange on a server connection; what is done to it touches no other stream of the connection. */
final class Http2ServerStream implements ServerStream {

    private enum State {
        NO_HEAD,
        HEAD_SENT,
        ENDED
    }

    private final Http2ServerConnection connection;
    private final Http2Stream stream;
    private final boolean toHead;
    private final long began;
    private final Inbox inbox;
    private @Nullable RequestHandler handler;
    private State state = State.NO_HEAD;
    private Http2Error afterwards = Http2Error.NO_ERROR;
    private long awaited;
    private long promised = MessageFraming.NONE;
    private boolean withoutContent;
    private boolean upgrade;
    private boolean connect;
    private boolean bothWays;
    private boolean responseWritten;
    private long lastActivity;

    /** @param declared the length of the request's content, or {@link MessageFraming#NONE} */
    Http2ServerStream(Http2ServerConnection connection, Http2Stream stream, boolean toHead, long declared) {
        this.connection = connection;
        this.stream = stream;
        this.toHead = toHead;
        this.awaited = declared;
        this.began = connection.now();
        this.lastActivity = began;
        this.inbox = new Inbox(stream, connection);
    }

    void open(RequestHandlers handlers, RequestHead head, boolean endOfStream) {
        RequestHandler opened = handlers.open(this);
        handler = opened;
        upgrade = head.upgrade() != null;
        connect = head.method().equals("CONNECT");
        if (connect) {
            // The request is its head (RFC 9113 section 8.5). What follows waits for whoever it is for.
            inbox.pause(true);
            if (endOfStream) {
                inbox.data(Unpooled.EMPTY_BUFFER, 0, true);
            }
            opened.onHead(head, true);
            return;
        }
        inbox.deliverTo(opened);
        if (endOfStream) {
            inbox.ended();
        }
        opened.onHead(head, endOfStream);
    }

    /** The request goes no further; its content, if any comes, has no reader. */
    void refused(boolean endOfStream) {
        if (endOfStream) {
            inbox.ended();
        }
    }

    /** @return bytes that may be given back to the client's window at once */
    int data(ByteBuf data, int padding, boolean endOfStream) {
        touch();
        if (awaited != MessageFraming.NONE) {
            awaited -= data.readableBytes();
            if (awaited < 0 || endOfStream && awaited > 0) {
                awaited = MessageFraming.NONE;
                connection.malformed(this, FieldViolation.LENGTH_WRONG);
                return data.readableBytes() + padding;
            }
        }
        return inbox.data(data, padding, endOfStream);
    }

    void trailers(Headers trailers) {
        touch();
        if (awaited > 0) {
            connection.malformed(this, FieldViolation.LENGTH_WRONG);
        } else {
            inbox.trailers(trailers);
        }
    }

    /** The request cannot go on but may be answered; the stream is reset afterwards. */
    void broken(StreamReset reason, Http2Error code) {
        afterwards = code;
        boolean complete = isOver();
        RequestHandler told = detach();
        if (told != null && !complete) {
            told.onReset(reason);
        } else {
            connection.reset(stream, code);
        }
    }

    /** Nothing can be sent any more. */
    void gone(StreamReset reason) {
        boolean complete = isOver();
        RequestHandler told = detach();
        state = State.ENDED;
        if (told != null && !complete) {
            told.onReset(reason);
        }
    }

    void writable() {
        if (handler != null && state != State.ENDED) {
            touch();
            handler.onWritable();
        }
    }

    /** Whether nothing is to come in either direction that anybody waits for. */
    private boolean isOver() {
        return state == State.ENDED && (!bothWays || inbox.hasEnded());
    }

    private @Nullable RequestHandler detach() {
        RequestHandler told = handler;
        handler = null;
        inbox.close();
        return told;
    }

    private void touch() {
        lastActivity = connection.now();
    }

    long lastActivity() {
        return lastActivity;
    }

    long began() {
        return began;
    }

    boolean requestEnded() {
        return inbox.hasEnded();
    }

    boolean responseBegan() {
        return state != State.NO_HEAD;
    }

    Http2Stream stream() {
        return stream;
    }

    @Override
    public void sendInformational(ResponseHead head) {
        if (state == State.NO_HEAD) {
            touch();
            connection.send(this, head, false);
        }
    }

    @Override
    public void sendHead(ResponseHead head, boolean endOfStream) {
        if (state != State.NO_HEAD) {
            return;
        }
        state = State.HEAD_SENT;
        touch();
        bothWays |= upgrade && head.status() == 101;
        ResponseHead sent = upgrade && head.status() == 101 ? accepted(head) : head;
        int status = sent.status();
        withoutContent = toHead || status == 204 || status == 304;
        if (status == 204) {
            sent.headers().remove("content-length");
        }
        promised = withoutContent ? MessageFraming.NONE : MessageFraming.declared(sent.headers());
        if (endOfStream) {
            // First, since the end may leave at once and close the stream.
            end();
        }
        connection.send(this, sent, endOfStream);
    }

    /** RFC 8441 section 5: what HTTP/1.1 says by 101 is 200 here, and the stream is the proof that the key was for. */
    private static ResponseHead accepted(ResponseHead head) {
        Headers headers = head.headers();
        headers.remove("sec-websocket-accept");
        headers.remove("content-length");
        return new ResponseHead(200, "", headers);
    }

    @Override
    public void sendData(ByteBuf data, boolean endOfStream) {
        if (state != State.HEAD_SENT) {
            data.release();
            return;
        }
        touch();
        ByteBuf sent = data;
        if (withoutContent && data.isReadable()) {
            data.release();
            sent = Unpooled.EMPTY_BUFFER;
        }
        if (!keepsPromise(sent.readableBytes(), endOfStream)) {
            sent.release();
            return;
        }
        if (endOfStream) {
            end();
        }
        connection.send(this, sent, endOfStream);
    }

    @Override
    public void sendTrailers(Headers trailers) {
        if (state != State.HEAD_SENT || !keepsPromise(0, true)) {
            return;
        }
        end();
        if (trailers.size() == 0) {
            connection.send(this, Unpooled.EMPTY_BUFFER, true);
        } else {
            connection.send(this, trailers);
        }
    }

    /** A response that is not as long as its head said must not be taken for whole. */
    private boolean keepsPromise(int bytes, boolean endOfStream) {
        if (promised == MessageFraming.NONE) {
            return true;
        }
        promised -= bytes;
        if (promised >= 0 && (!endOfStream || promised == 0)) {
            return true;
        }
        RequestHandler told = detach();
        state = State.ENDED;
        connection.reset(stream, Http2Error.INTERNAL_ERROR);
        if (told != null) {
            told.onReset(new StreamReset(
                    StreamReset.Cause.PROTOCOL_ERROR, true, "the response is not as long as its head said"));
        }
        return false;
    }

    private void end() {
        state = State.ENDED;
        if (!bothWays) {
            handler = null;
            inbox.close();
        }
    }

    /** The end of the response has left: what may still come of the request has no reader (RFC 9113 section 8.1). */
    void written() {
        responseWritten = true;
        boolean expectsMore = !inbox.hasEnded() && !bothWays;
        if (expectsMore || afterwards != Http2Error.NO_ERROR) {
            connection.reset(stream, afterwards);
        }
    }

    /** What the stream is reset with when the response has left. */
    void afterwards(Http2Error code) {
        afterwards = code;
    }

    @Override
    public void reset() {
        if (!isOver()) {
            state = State.ENDED;
            Http2Error code = afterwards == Http2Error.NO_ERROR ? Http2Error.INTERNAL_ERROR : afterwards;
            detach();
            connection.reset(stream, code);
        }
    }

    @Override
    public boolean isWritable() {
        return connection.isWritable(stream);
    }

    @Override
    public void pauseReading(boolean pause) {
        // What follows a CONNECT is for the tunnel alone.
        if (!connect && !isOver()) {
            inbox.pause(pause);
        }
    }

    @Override
    public void closeAfterwards() {
        connection.announceEnd();
    }

    @Override
    public boolean ownsConnection() {
        return false;
    }

    @Override
    public Channel tunnel(ResponseHead head, ChannelHandler tunnel) {
        StreamChannel bytes = new StreamChannel(channel(), new Bytes());
        handler = bytes.input();
        inbox.deliverTo(bytes.input());
        bothWays = true;
        head.headers().remove("content-length");
        sendHead(head, false);
        bytes.begin(tunnel);
        return bytes;
    }

    /** The stream as what carries a tunnel. */
    private final class Bytes implements Carrier {

        @Override
        public void send(ByteBuf bytes) {
            sendData(bytes, false);
        }

        @Override
        public void end() {
            sendData(Unpooled.EMPTY_BUFFER, true);
        }

        @Override
        public void close(boolean torn) {
            if (isOver()) {
                return;
            }
            detach();
            if (torn) {
                state = State.ENDED;
                connection.reset(stream, Http2Error.CONNECT_ERROR);
                return;
            }
            // With the end of what was sent the stream is over, whatever the client would still say.
            bothWays = false;
            if (state != State.ENDED) {
                sendData(Unpooled.EMPTY_BUFFER, true);
            } else if (responseWritten) {
                written();
            }
        }

        @Override
        public boolean isWritable() {
            return connection.isWritable(stream);
        }

        @Override
        public void pauseReading(boolean pause) {
            inbox.pause(pause);
        }
    }

    @Override
    public long bufferedBytes() {
        return inbox.bytes() + connection.backlog(stream);
    }

    @Override
    public Channel channel() {
        return connection.channel();
    }
}
