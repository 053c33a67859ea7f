package dev.perimeter.proxy.http.h2;

import dev.perimeter.proxy.http.ClientConnection;
import dev.perimeter.proxy.http.ClientStream;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHandler;
import dev.perimeter.proxy.http.StreamReset;
import dev.perimeter.proxy.http.h2.guard.Keepalive;
import dev.perimeter.proxy.http.hpack.SentFields;
import dev.perimeter.proxy.http.upgrade.WebSocketKey;
import dev.perimeter.proxy.snapshot.Http2Options;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to an upstream that speaks HTTP/2, for many exchanges at once. Last in the pipeline; belongs to one
 * channel and runs on its event loop.
 *
 * <p>Implementation note. What the connection may receive is given back at once, what a stream may receive only when its
 * handler took it: one slow client must not hold up all others that share the connection. So up to a stream's window
 * waits here for each of them, and no more.
 */
public final class Http2ClientConnection extends Http2Endpoint implements ClientConnection, Keepalive.Line {

    private static final Logger log = LoggerFactory.getLogger(Http2ClientConnection.class);

    /** How many streams a peer surely takes while its SETTINGS are on their way (RFC 9113 section 6.5.2). */
    private static final int STREAMS_BEFORE_SETTINGS = 100;

    private static final int LAST_STREAM_ID = Integer.MAX_VALUE - 2;
    private static final float GIVE_BACK_AT = 0.5f;

    /** A request that needs to know first whether the peer takes it. */
    private record Undecided(Http2ClientStream stream, RequestHead head, boolean endOfStream) {}

    private final Owner owner;
    private final Http2Connection.PropertyKey key;
    private final Deque<Undecided> undecided = new ArrayDeque<>(0);
    private @Nullable Keepalive keepalive;
    private boolean settled;
    private boolean upgrades;
    private boolean retired;
    private boolean closing;
    private boolean gone;
    private int lastProcessed = Integer.MAX_VALUE;
    private int opened;
    private @Nullable String failure;

    /** @param limits for the head of a response, trailers included */
    public Http2ClientConnection(HttpLimits limits, Http2Options options, Owner owner) {
        super(Parts.of(false, limits, options, event -> {}));
        this.owner = owner;
        Http2Connection connection = connection();
        this.key = connection.newKey();
        connection
                .local()
                .flowController(new DefaultHttp2LocalFlowController(connection, GIVE_BACK_AT, true)
                        .frameWriter(encoder().frameWriter()));
        connection.addListener(new Ends());
        encoder().flowController().listener(this::writabilityChanged);
        decoder().frameListener(new Http2ClientFrames(this));
    }

    @Override
    public boolean hasRoom() {
        return !retired && channel().isActive() && active() < limit();
    }

    private int limit() {
        int peer = settled ? connection().local().maxActiveStreams() : STREAMS_BEFORE_SETTINGS;
        return Math.min(peer, options().maxConcurrentStreams());
    }

    private int active() {
        return connection().numActiveStreams() + undecided.size();
    }

    @Override
    public boolean isIdle() {
        return active() == 0;
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public boolean isSettled() {
        return settled;
    }

    /** A request to change the protocol goes as an extended CONNECT, when the peer has said that it takes one. */
    @Override
    public ClientStream send(RequestHead head, boolean endOfStream, ResponseHandler handler) {
        if (!hasRoom()) {
            throw new IllegalStateException("a request on a connection that cannot take one");
        }
        Http2ClientStream stream = new Http2ClientStream(this, head, handler);
        if (head.upgrade() == null || upgrades) {
            open(stream, head, endOfStream);
        } else if (settled) {
            refuse(stream, StreamReset.Cause.PROTOCOL_ERROR, "the upstream takes no extended CONNECT (RFC 8441)");
        } else {
            undecided.addLast(new Undecided(stream, head, endOfStream));
        }
        return stream;
    }

    private void open(Http2ClientStream stream, RequestHead head, boolean endOfStream) {
        int id = connection().local().incrementAndGetNextStreamId();
        retired |= id < 0 || id >= LAST_STREAM_ID;
        ChannelFuture written =
                encoder().writeHeaders(ctx(), id, SentFields.of(sent(head)), 0, endOfStream, ctx().newPromise());
        Http2Stream open = connection().stream(id);
        if (open == null) {
            Throwable cause = written.cause();
            refuse(stream, StreamReset.Cause.PROTOCOL_ERROR, "the request cannot be sent: " + cause);
            return;
        }
        open.setProperty(key, stream);
        stream.opened(open, opened++ > 0, endOfStream);
        later();
    }

    /** The key of a WebSocket proves nothing here (RFC 8441 section 5); another attempt may need it. */
    private static RequestHead sent(RequestHead head) {
        if (!WebSocketKey.isFor(head) || !head.headers().contains(WebSocketKey.KEY)) {
            return head;
        }
        RequestHead sent = head.copy();
        sent.headers().remove(WebSocketKey.KEY);
        return sent;
    }

    /** Not now: the sender does not have its stream yet. */
    private void refuse(Http2ClientStream stream, StreamReset.Cause cause, String sentence) {
        ctx().executor().execute(() -> stream.fail(new StreamReset(cause, false, sentence)));
    }

    /** The peer has said what it takes. */
    void settings(Http2Settings settings) {
        if (!settled) {
            settled = true;
            keepalive = new Keepalive(options().keepAlive(), ctx().executor(), this);
            keepalive.alive();
        }
        Long connect = settings.get(ENABLE_CONNECT_PROTOCOL);
        upgrades |= connect != null && connect == 1;
        for (Undecided next = undecided.pollFirst(); next != null; next = undecided.pollFirst()) {
            if (!next.stream().isOver() && upgrades) {
                open(next.stream(), next.head(), next.endOfStream());
            } else {
                next.stream()
                        .fail(new StreamReset(
                                StreamReset.Cause.PROTOCOL_ERROR,
                                false,
                                "the upstream takes no extended CONNECT (RFC 8441)"));
            }
        }
        changed();
    }

    /** A request is given up before it was sent. */
    void forget(Http2ClientStream stream) {
        undecided.removeIf(waiting -> waiting.stream() == stream);
        changed();
    }

    @Nullable
    Http2ClientStream stream(int id) {
        Http2Stream stream = connection().stream(id);
        return stream == null ? null : stream.getProperty(key);
    }

    private void writabilityChanged(Http2Stream stream) {
        Http2ClientStream changed = stream.getProperty(key);
        if (changed != null && encoder().flowController().isWritable(stream)) {
            changed.writable();
        }
    }

    void sendData(Http2Stream stream, ByteBuf data, boolean endOfStream) {
        int bytes = data.readableBytes();
        encoder().writeData(ctx(), stream.id(), data, 0, endOfStream, ctx().newPromise());
        later(bytes);
    }

    void sendTrailers(Http2Stream stream, SentFields trailers) {
        encoder().writeHeaders(ctx(), stream.id(), trailers, 0, true, ctx().newPromise());
        later();
    }

    void reset(Http2Stream stream, Http2Error code) {
        encoder().writeRstStream(ctx(), stream.id(), code.code(), ctx().newPromise());
        later();
    }

    /** A handler took content that had waited; the peer may send as much again. */
    void taken(Http2Stream stream, int bytes) {
        try {
            if (connection().local().flowController().consumeBytes(stream, bytes)) {
                later();
            }
        } catch (Http2Exception e) {
            onError(ctx(), true, e);
        }
    }

    @Override
    public void retire() {
        // Its owner retires again what it is told of, which must not begin all over.
        if (!retired) {
            retired = true;
            changed();
        }
    }

    /** There may be more room, or nothing left to wait for. */
    private void changed() {
        if (gone || closing) {
            return;
        }
        if (retired && isIdle()) {
            closing = true;
            int lastOfPeer = connection().remote().lastStreamCreated();
            goAway(ctx(), lastOfPeer, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx().newPromise());
            flush(ctx());
            ctx().close();
        } else {
            owner.available(this);
        }
    }

    @Override
    public void ping() {
        encoder().writePing(ctx(), false, System.identityHashCode(this), ctx().newPromise());
        later();
    }

    void pong() {
        if (keepalive != null) {
            keepalive.alive();
        }
    }

    /** RFC 9113 section 6.7; nothing that is written would arrive. */
    @Override
    public void dead() {
        failure = "no answer to a PING within " + options().keepAlive().timeout();
        retired = true;
        ctx().close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        gone = true;
        if (keepalive != null) {
            keepalive.stop();
        }
        super.channelInactive(context);
        for (Undecided never = undecided.pollFirst(); never != null; never = undecided.pollFirst()) {
            never.stream()
                    .fail(new StreamReset(
                            StreamReset.Cause.NOT_PROCESSED, true, "the connection ended before the request was sent"));
        }
        owner.closed(this);
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext context, boolean outbound, Throwable cause, @Nullable Http2Exception exception) {
        if (exception == null) {
            log.error("closing {} after a fault", context.channel(), cause);
        }
        if (failure == null) {
            failure = String.valueOf(cause.getMessage());
        }
        retired = true;
        super.onConnectionError(context, outbound, cause, exception);
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext context, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        Http2ClientStream stream = stream(error.streamId());
        if (stream != null) {
            stream.fail(new StreamReset(
                    StreamReset.Cause.PROTOCOL_ERROR,
                    false,
                    "the upstream's response is refused: " + cause.getMessage()));
        } else if (!outbound && connection().local().mayHaveCreatedStream(error.streamId())) {
            // Frames for a stream that we have reset may still be on their way (RFC 9113 section 5.1). Each answered
            // by one more RST_STREAM would look like an attack.
            return;
        }
        super.onStreamError(context, outbound, cause, error);
    }

    /** Why a stream ended that neither side has ended. */
    private StreamReset reason(int id, boolean silent) {
        if (id > lastProcessed) {
            return new StreamReset(StreamReset.Cause.NOT_PROCESSED, gone, "the upstream went away before the request");
        }
        if (failure != null) {
            return new StreamReset(
                    StreamReset.Cause.PROTOCOL_ERROR, true, "the upstream broke the protocol: " + failure);
        }
        return silent
                ? new StreamReset(
                        StreamReset.Cause.CLOSED_BEFORE_RESPONSE,
                        true,
                        "the upstream closed a reused connection without a byte of response")
                : new StreamReset(
                        StreamReset.Cause.REMOTE_CLOSED,
                        true,
                        "the upstream closed the connection before the response was complete");
    }

    /** What ends streams besides their own frames. */
    private final class Ends extends Http2ConnectionAdapter {

        /** RFC 9113 section 6.8; streams above the last one are closed by the frame layer next. */
        @Override
        public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
            retired = true;
            lastProcessed = lastStreamId;
        }

        @Override
        public void onStreamClosed(Http2Stream closed) {
            Http2ClientStream stream = closed.getProperty(key);
            if (stream != null) {
                stream.closed(silent -> reason(closed.id(), silent));
            }
            changed();
        }
    }
}
