package dev.perimeter.proxy.http.h1;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHandlers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ServerConnection;
import dev.perimeter.proxy.http.StreamReset;
import dev.perimeter.proxy.http.parse.BodyReader;
import dev.perimeter.proxy.http.parse.MessageFraming;
import dev.perimeter.proxy.http.parse.RequestReader;
import dev.perimeter.proxy.http.parse.Violation;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpLimits;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpTimeouts;
import dev.perimeter.proxy.tls.TlsClosure;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * An accepted connection that speaks HTTP/1.1: one exchange after another, pipelined requests waiting their turn in
 * bytes and not in objects. Last in the pipeline; belongs to one channel and runs on its event loop.
 *
 * <p>A refused request gets its reply and then the connection goes down in two steps, output first: closing at once
 * would make the kernel answer unread bytes with a reset, and that reset would eat the reply (RFC 9112 section 9.6).
 */
public final class Http1ServerConnection extends Http1Connection
        implements ServerConnection, BodyReader.Sink, ConnectionTimer.Deadlines {

    /** An unread body up to this size is read and thrown away to keep the connection; above, closing is cheaper. */
    private static final long DRAIN_UP_TO = 64 * 1024;

    private enum Phase {
        /** Between requests, or in the middle of a head. */
        HEAD,
        BODY,
        /** The request is read; its response is not complete. */
        REPLY,
        /** The request is beyond repair; its reply is awaited and what else comes is thrown away. */
        DISCARD,
        /** Our half is closed, or will be as soon as all is written. */
        LINGER,
        TUNNEL
    }

    private final HttpLimits limits;
    private final ServerDeadlines deadlines;
    private final boolean absoluteUrlAllowed;
    private final boolean connectAllowed;
    private final RequestHandlers handlers;
    private final BodyReader body;
    private final MessageWriter writer = new MessageWriter();

    private @Nullable RequestReader reader;
    private @Nullable ConnectionTimer timer;
    private @Nullable Http1ServerStream stream;
    private @Nullable ChannelHandler tunnel;
    private Phase phase = Phase.HEAD;
    private boolean paused;
    private boolean persistent = true;
    private boolean draining;
    private boolean awaitsContinue;

    /**
     * @param absoluteUrlAllowed whether absolute targets are taken (RFC 9112 section 3.2.2): explicit proxies need it
     * @param connectAllowed whether CONNECT reaches {@code handlers}
     */
    public Http1ServerConnection(
            HttpLimits limits,
            HttpTimeouts timeouts,
            boolean absoluteUrlAllowed,
            boolean connectAllowed,
            RequestHandlers handlers) {
        this.limits = limits;
        this.deadlines = new ServerDeadlines(timeouts);
        this.absoluteUrlAllowed = absoluteUrlAllowed;
        this.connectAllowed = connectAllowed;
        this.handlers = handlers;
        this.body = new BodyReader(limits.maxHeaderBytes(), limits.maxHeaderCount(), this);
    }

    @Override
    public void announceEnd() {
        // HTTP/1.1 has no word for it but the Connection field of the next response.
    }

    @Override
    public void drain() {
        draining = true;
        if (phase == Phase.HEAD && !reader().begun() && !holdsBytes()) {
            linger();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        super.handlerAdded(context);
        String scheme = context.pipeline().get(SslHandler.class) == null ? "http" : "https";
        reader = new RequestReader(
                limits.maxHeaderBytes(), limits.maxHeaderCount(), absoluteUrlAllowed, connectAllowed, scheme);
        timer = new ConnectionTimer(context.executor(), this);
        touch();
        timer.update();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        timer().cancel();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        touch();
        super.channelRead(context, message);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        touch();
        if (channel().isWritable() && stream != null) {
            stream.writable();
        }
    }

    @Override
    boolean accepts() {
        return switch (phase) {
            case HEAD, DISCARD, LINGER -> true;
            case BODY -> !paused;
            case REPLY, TUNNEL -> false;
        };
    }

    @Override
    boolean paused() {
        return paused && phase == Phase.BODY || phase == Phase.TUNNEL;
    }

    @Override
    void consume(ByteBuf in) {
        switch (phase) {
            case HEAD -> head(in);
            case BODY -> {
                Violation wrong = body.read(in);
                if (wrong != null) {
                    abort(StreamReset.Cause.PROTOCOL_ERROR, wrong.sentence());
                }
            }
            default -> in.skipBytes(in.readableBytes());
        }
    }

    @Override
    void pumped() {
        if (tunnel != null) {
            handOver(tunnel);
        } else {
            timer().update();
        }
    }

    @Override
    void gone() {
        timer().cancel();
        if (stream != null) {
            stream.gone(new StreamReset(
                    StreamReset.Cause.REMOTE_CLOSED,
                    true,
                    "the client closed the connection before the response was complete"));
        }
    }

    private void head(ByteBuf in) {
        if (!reader().begun()) {
            deadlines.requestBegins();
        }
        if (reader().read(in)) {
            RequestHead head = reader().finish();
            if (head == null) {
                refuse(reader().failure());
            } else {
                open(head);
            }
        } else {
            refuse(reader().violation());
        }
    }

    private void open(RequestHead head) {
        MessageFraming framing = reader().framing();
        boolean http10 = head.protocol().equals("HTTP/1.0");
        boolean hasBody = framing.hasContent();
        if (hasBody && head.method().equals("CONNECT")) {
            refuse(Violation.CONNECT_CONTENT);
            return;
        }
        persistent = !framing.close() && (!http10 || framing.keepAlive());
        awaitsContinue = hasBody && head.headers().contains("expect");
        paused = false;
        Http1ServerStream opened = new Http1ServerStream(this, writer, reader().isHead(), http10);
        reader().next();
        if (framing.chunked()) {
            body.startChunked();
        } else if (hasBody) {
            body.startLength(framing.contentLength());
        }
        stream = opened;
        phase = hasBody ? Phase.BODY : Phase.REPLY;
        opened.open(handlers, head, !hasBody && head.upgrade() == null);
    }

    private void refuse(@Nullable Violation why) {
        if (why == null) {
            return;
        }
        persistent = false;
        discard();
        Http1ServerStream refused = new Http1ServerStream(this, writer, reader().isHead(), false);
        stream = refused;
        handlers.refused(refused, why.refuse(reader().partial()));
    }

    private void abort(StreamReset.Cause cause, String sentence) {
        persistent = false;
        discard();
        Http1ServerStream aborted = stream;
        if (aborted == null || aborted.ended()) {
            linger();
        } else {
            aborted.gone(new StreamReset(cause, false, sentence));
        }
    }

    private void discard() {
        phase = Phase.DISCARD;
        deadlines.graceBegins(timer().now());
        resume();
        timer().update();
    }

    @Override
    public void onBody(ByteBuf data, boolean end) {
        awaitsContinue = false;
        if (end) {
            phase = Phase.REPLY;
        }
        if (stream != null && !stream.ended()) {
            stream.deliver(data, end);
        } else {
            data.release();
            if (end) {
                next();
            }
        }
    }

    @Override
    public void onTrailers(Headers trailers) {
        phase = Phase.REPLY;
        if (stream != null && !stream.ended()) {
            stream.deliverTrailers(trailers);
        } else {
            next();
        }
    }

    /** Whether the response about to begin is the last one, to be said in its head. */
    boolean isLast() {
        boolean tooMuchLeft = phase == Phase.BODY && (awaitsContinue || body.remaining() > DRAIN_UP_TO);
        return !persistent || draining || tooMuchLeft;
    }

    /** The client was told to go on with its body. */
    void continued() {
        awaitsContinue = false;
    }

    void closeAfterwards() {
        persistent = false;
    }

    void pause(boolean pause) {
        paused = pause;
        resume();
    }

    void touch() {
        deadlines.activity(timer().now());
    }

    /** The response is complete; {@code last} is what its head said. */
    void replied(boolean last) {
        paused = false;
        if (phase == Phase.REPLY && !last) {
            outbox().messageEnds();
            next();
        } else if (phase == Phase.REPLY && !holdsBytes()) {
            phase = Phase.LINGER;
            deadlines.lastWordsBegin(timer().now());
            outbox().finish().addListener(ChannelFutureListener.CLOSE);
        } else if (last || phase == Phase.DISCARD) {
            linger();
        } else {
            // The rest of the request body is small enough to be read and thrown away.
            outbox().messageEnds();
            resume();
        }
    }

    private void next() {
        stream = null;
        if (!persistent || draining && !holdsBytes()) {
            // Decided after the head of the response was out, so nothing said it.
            linger();
            return;
        }
        phase = Phase.HEAD;
        resume();
        timer().update();
    }

    private void linger() {
        phase = Phase.LINGER;
        deadlines.lastWordsBegin(timer().now());
        outbox().finish().addListener(this::halfClose);
        resume();
        timer().update();
    }

    private void halfClose(Future<? super Void> written) {
        if (written.isSuccess() && channel() instanceof DuplexChannel duplex) {
            TlsClosure.shutdownOutput(duplex);
            deadlines.graceBegins(timer().now());
            timer().update();
        } else {
            ctx().close();
        }
    }

    /** The bytes of the other protocol, both ways; not before {@link #tunnel} is called with it. */
    RawServerSide raw(Http1ServerStream of) {
        return new RawServerSide(of, deadlines, paused);
    }

    void tunnel(ChannelHandler handler) {
        stream = null;
        phase = Phase.TUNNEL;
        tunnel = handler;
        timer().cancel();
        if (!pumping()) {
            handOver(handler);
        }
    }

    @Override
    public long deadline() {
        return switch (phase) {
            case HEAD -> reader().begun() ? deadlines.head() : deadlines.idle();
            case BODY -> deadlines.body();
            case REPLY -> deadlines.reply();
            case DISCARD, LINGER -> deadlines.grace();
            case TUNNEL -> ConnectionTimer.NEVER;
        };
    }

    @Override
    public void expired() {
        switch (phase) {
            case HEAD -> {
                if (reader().begun()) {
                    refuse(Violation.HEADERS_TIMEOUT);
                } else {
                    linger();
                }
            }
            case BODY ->
                abort(StreamReset.Cause.TIMEOUT, "the request took longer than allowed (RFC 9110 section 15.5.9)");
            case REPLY -> abort(StreamReset.Cause.TIMEOUT, "nothing moved in the exchange for longer than allowed");
            default -> ctx().close();
        }
    }

    private RequestReader reader() {
        if (reader == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return reader;
    }

    private ConnectionTimer timer() {
        if (timer == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return timer;
    }
}
