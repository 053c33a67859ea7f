package dev.perimeter.proxy.http.h2;

import dev.perimeter.proxy.http.CodecEvent;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHandlers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.http.ServerConnection;
import dev.perimeter.proxy.http.StreamReset;
import dev.perimeter.proxy.http.h2.guard.ResetWatch;
import dev.perimeter.proxy.http.hpack.FieldViolation;
import dev.perimeter.proxy.http.hpack.SentFields;
import dev.perimeter.proxy.http.parse.MessageFraming;
import dev.perimeter.proxy.snapshot.Http2Options;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpLimits;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpTimeouts;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.HeaderListSizeException;
import io.netty.handler.codec.http2.Http2Exception.StreamException;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An accepted connection that speaks HTTP/2: many exchanges at once, none of which can end another. */
public final class Http2ServerConnection extends Http2Endpoint implements ServerConnection, StreamTimes.Deadlines {

    private static final Logger log = LoggerFactory.getLogger(Http2ServerConnection.class);

    private final HttpTimeouts timeouts;
    private final boolean connectAllowed;
    private final RequestHandlers handlers;
    private final Http2Connection.PropertyKey key;
    private final ResetWatch resets = new ResetWatch();
    private final FrameBoundaries frames = new FrameBoundaries();
    private final ConnectionEnd end;
    private final Pings pings;
    private @Nullable StreamTimes times;
    private long idleSince;
    private long blockDeadline = StreamTimes.NEVER;

    /** @param connectAllowed whether CONNECT reaches {@code handlers} */
    public Http2ServerConnection(
            HttpLimits limits,
            HttpTimeouts timeouts,
            Http2Options options,
            boolean connectAllowed,
            RequestHandlers handlers) {
        super(Parts.of(true, limits, options, handlers::counted));
        this.timeouts = timeouts;
        this.connectAllowed = connectAllowed;
        this.handlers = handlers;
        end = new ConnectionEnd(this, handlers::counted);
        pings = new Pings(options.keepAlive(), this, handlers::counted);
        // Enforced at once and not when the client has acknowledged it: refused streams are safely sent again.
        connection().remote().maxActiveStreams(options.maxConcurrentStreams());
        key = connection().newKey();
        ServerFrames listener = new ServerFrames(this);
        decoder().frameListener(listener);
        encoder().flowController().listener(listener);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
        times = new StreamTimes(context.executor(), this);
        super.handlerAdded(context);
        idleSince = now();
        wakeAt(pings.begin(idleSince));
        wakeAt(StreamTimes.after(idleSince, timeouts.connectionIdle()));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (end.lingers()) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof ByteBuf data && frames.read(data)) {
            blockDeadline = StreamTimes.after(now(), timeouts.requestHeaders());
            wakeAt(blockDeadline);
        }
        if (frames.hasLongSettings()) {
            ReferenceCountUtil.release(message);
            handlers.counted(CodecEvent.CONTROL_FLOOD);
            onError(context, false, calm("a SETTINGS frame with too many entries"));
            return;
        }
        super.channelRead(context, message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        times().close();
        super.channelInactive(context);
    }

    /** A moment later the connection drains by itself. */
    @Override
    public void announceEnd() {
        end.announce();
    }

    @Override
    public void drain() {
        end.drain();
    }

    /** The head of a request is complete. */
    void request(Http2Stream stream, boolean endOfStream) {
        RequestHead head = fields().request(options().allowConnect());
        FieldViolation wrong = fields().violation();
        if (head != null && head.method().equals("CONNECT") && !connectAllowed) {
            wrong = FieldViolation.CONNECT_REFUSED;
        }
        long length = fields().contentLength();
        if (head != null && wrong == null && endOfStream && length > 0) {
            wrong = FieldViolation.LENGTH_WRONG;
        }
        Http2ServerStream opened =
                new Http2ServerStream(this, stream, fields().isHead(), wrong == null ? length : MessageFraming.NONE);
        stream.setProperty(key, opened);
        wakeAt(StreamSweep.first(timeouts, now()));
        if (head == null || wrong != null) {
            refuse(opened, wrong == null ? FieldViolation.PSEUDO_MISSING : wrong, endOfStream);
        } else {
            opened.open(handlers, head, endOfStream);
        }
    }

    private void refuse(Http2ServerStream stream, FieldViolation violation, boolean endOfStream) {
        if (violation.isMalformed()) {
            handlers.counted(CodecEvent.MESSAGING_ERROR);
            stream.afterwards(Http2Error.PROTOCOL_ERROR);
            if (resets.premature()) {
                calm();
                return;
            }
        }
        stream.refused(endOfStream);
        handlers.refused(stream, violation.refuse(fields().partial()));
    }

    /** The block behind the content of a request is complete. */
    void trailers(Http2ServerStream stream) {
        Headers trailers = fields().trailers();
        FieldViolation wrong = fields().violation();
        if (trailers == null) {
            malformed(stream, wrong == null ? FieldViolation.PSEUDO_MISPLACED : wrong);
        } else {
            stream.trailers(trailers);
        }
    }

    /** The request on that stream is broken in its middle: answered if that is possible, and reset. */
    void malformed(Http2ServerStream stream, FieldViolation violation) {
        handlers.counted(CodecEvent.MESSAGING_ERROR);
        stream.broken(
                new StreamReset(StreamReset.Cause.PROTOCOL_ERROR, false, violation.sentence()),
                Http2Error.PROTOCOL_ERROR);
        if (resets.premature()) {
            calm();
        }
    }

    void resetByClient(Http2ServerStream stream, long code) {
        handlers.counted(CodecEvent.RESET_RECEIVED);
        long lifetime = now() - stream.began();
        stream.gone(new StreamReset(
                StreamReset.Cause.REMOTE_RESET,
                true,
                "the client reset the stream with code " + code + " before the response was complete"));
        if (resets.reset(lifetime)) {
            calm();
        }
    }

    void settingsKnown() {
        resets.told();
    }

    void pingAnswered(long data) {
        if (data == ConnectionEnd.NOTICE_PING) {
            end.drain();
        } else if (data == Pings.PING) {
            pings.answered(now());
        }
    }

    /** The stream is gone, in whatever way. */
    void closed(Http2Stream closed) {
        Http2ServerStream stream = of(closed);
        if (stream != null) {
            resets.ended();
            stream.gone(new StreamReset(
                    StreamReset.Cause.REMOTE_CLOSED,
                    true,
                    "the client closed the connection before the response was complete"));
        }
        if (connection().numActiveStreams() == 0 && channel().isActive()) {
            idleSince = now();
            wakeAt(StreamTimes.after(idleSince, timeouts.connectionIdle()));
            end.settle();
        }
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext context, boolean outbound, Throwable cause, StreamException error) {
        if (!outbound) {
            if (error instanceof HeaderListSizeException large && large.duringDecode()) {
                handlers.counted(CodecEvent.HEADER_OVERFLOW);
                if (refuseTooLarge(error.streamId())) {
                    return;
                }
            }
            boolean refusal = error.error() == Http2Error.REFUSED_STREAM;
            handlers.counted(refusal ? CodecEvent.STREAM_REFUSED : CodecEvent.MESSAGING_ERROR);
            // A client can make us reset its streams as well as do it itself.
            if (refusal ? resets.refused() : resets.premature()) {
                calm();
                return;
            }
        }
        super.onStreamError(context, outbound, cause, error);
    }

    /** Whether the head that was never delivered could be answered; trailers cannot. */
    private boolean refuseTooLarge(int id) {
        if (connection().stream(id) != null) {
            return false;
        }
        try {
            Http2Stream stream = connection().remote().createStream(id, false);
            Http2ServerStream refused = new Http2ServerStream(this, stream, fields().isHead(), MessageFraming.NONE);
            stream.setProperty(key, refused);
            handlers.refused(refused, FieldViolation.TOO_LARGE.refuse(fields().partial()));
            return true;
        } catch (Http2Exception e) {
            return false;
        }
    }

    private void calm() {
        // What came in the same read is still looked at.
        if (end.lingers()) {
            return;
        }
        handlers.counted(CodecEvent.PREMATURE_RESETS);
        onError(ctx(), false, calm("too many resets"));
    }

    private static Http2Exception calm(String why) {
        return Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, why);
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext context, boolean outbound, Throwable cause, @Nullable Http2Exception error) {
        if (error == null) {
            log.error("closing {} after a fault", context.channel(), cause);
        }
        if (end.lingers()) {
            return;
        }
        Http2Error code = error == null ? Http2Error.INTERNAL_ERROR : error.error();
        if (code != Http2Error.ENHANCE_YOUR_CALM) {
            handlers.counted(CodecEvent.MESSAGING_ERROR);
        }
        String why = error == null || error.getMessage() == null ? "" : error.getMessage();
        endAll(new StreamReset(StreamReset.Cause.PROTOCOL_ERROR, true, "the connection ended: " + why));
        end.abort(code, why);
    }

    private void endAll(StreamReset reason) {
        try {
            connection().forEachActiveStream(active -> {
                Http2ServerStream stream = of(active);
                if (stream != null) {
                    stream.gone(reason);
                }
                return true;
            });
        } catch (Http2Exception e) {
            throw new IllegalStateException("visiting streams does not fail", e);
        }
    }

    void send(Http2ServerStream stream, ResponseHead head, boolean endOfStream) {
        sent(stream, headers(stream, SentFields.of(head), endOfStream), endOfStream);
    }

    void send(Http2ServerStream stream, Headers trailers) {
        sent(stream, headers(stream, SentFields.trailers(trailers), true), true);
    }

    private ChannelFuture headers(Http2ServerStream stream, SentFields fields, boolean endOfStream) {
        int id = stream.stream().id();
        return encoder().writeHeaders(ctx(), id, fields, 0, endOfStream, ctx().newPromise());
    }

    void send(Http2ServerStream stream, ByteBuf data, boolean endOfStream) {
        int id = stream.stream().id();
        int bytes = data.readableBytes();
        sent(stream, encoder().writeData(ctx(), id, data, 0, endOfStream, ctx().newPromise()), endOfStream);
        later(bytes);
    }

    private void sent(Http2ServerStream stream, ChannelFuture sent, boolean endOfStream) {
        later();
        if (endOfStream && !sent.isDone()) {
            sent.addListener(done -> {
                if (done.isSuccess()) {
                    stream.written();
                }
            });
        } else if (endOfStream && sent.isSuccess()) {
            stream.written();
        }
    }

    void reset(Http2Stream stream, Http2Error code) {
        if (stream.state() != Http2Stream.State.CLOSED && !stream.isResetSent()) {
            handlers.counted(CodecEvent.RESET_SENT);
            ChannelFuture ignored = resetStream(ctx(), stream.id(), code.code(), ctx().newPromise());
            later();
        }
    }

    void consumed(Http2Stream stream, int bytes) {
        try {
            if (stream.state() != Http2Stream.State.CLOSED
                    && decoder().flowController().consumeBytes(stream, bytes)) {
                later();
            }
        } catch (Http2Exception e) {
            onError(ctx(), true, e);
        }
    }

    boolean isWritable(Http2Stream stream) {
        return encoder().flowController().isWritable(stream);
    }

    @Nullable
    Http2ServerStream of(Http2Stream stream) {
        return stream.getProperty(key);
    }

    long now() {
        return times().now();
    }

    void wakeAt(long deadline) {
        times().at(deadline);
    }

    @Override
    public long expire(long now) {
        long next = StreamTimes.earlier(block(now), StreamTimes.earlier(end.expire(now), pings.expire(now)));
        if (connection().numActiveStreams() > 0) {
            return StreamTimes.earlier(next, new StreamSweep(timeouts, key, now).over(connection()));
        }
        long idle = end.lingers() ? StreamTimes.NEVER : StreamTimes.after(idleSince, timeouts.connectionIdle());
        if (idle != StreamTimes.NEVER && idle - now <= 0) {
            end.drain();
            return next;
        }
        return StreamTimes.earlier(next, idle);
    }

    /** While a header block is open no stream can say anything, so its time-out is the connection's. */
    private long block(long now) {
        if (!frames.isOpen() || end.lingers()) {
            blockDeadline = StreamTimes.NEVER;
        } else if (blockDeadline != StreamTimes.NEVER && blockDeadline - now <= 0) {
            blockDeadline = StreamTimes.NEVER;
            onError(ctx(), false, calm("a header block took longer than allowed"));
        }
        return blockDeadline;
    }

    private StreamTimes times() {
        if (times == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return times;
    }
}
