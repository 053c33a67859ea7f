package dev.perimeter.proxy.http.h1;

import dev.perimeter.proxy.http.ClientConnection;
import dev.perimeter.proxy.http.ClientStream;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHandler;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.http.StreamReset;
import dev.perimeter.proxy.http.parse.BodyReader;
import dev.perimeter.proxy.http.parse.MessageFraming;
import dev.perimeter.proxy.http.parse.ResponseReader;
import dev.perimeter.proxy.http.parse.Violation;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpLimits;
import dev.perimeter.proxy.tls.TlsClosure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an upstream that speaks HTTP/1.1, for one exchange at a time. Last in the pipeline; belongs to one
 * channel and runs on its event loop. Has no clock: who sends a request knows how long it may take.
 */
public final class Http1ClientConnection extends Http1Connection implements ClientConnection, BodyReader.Sink {

    private static final int MAX_INFORMATIONAL = 32;

    private enum Phase {
        IDLE,
        HEAD,
        BODY,
        /** After a 101. */
        RAW
    }

    private final Owner owner;
    private final ResponseReader reader;
    private final BodyReader body;
    private final MessageWriter writer = new MessageWriter();
    private @Nullable Http1ClientStream stream;
    private Phase phase = Phase.IDLE;
    private boolean paused;
    private boolean keepAlive = true;
    private boolean announce;
    private boolean rawInputOver;
    private boolean rawInputEnded;
    private int informational;
    private int exchanges;

    /** @param limits for the head of a response, trailers included */
    public Http1ClientConnection(HttpLimits limits, Owner owner) {
        this.owner = owner;
        this.reader = new ResponseReader(limits.maxHeaderBytes(), limits.maxHeaderCount());
        this.body = new BodyReader(limits.maxHeaderBytes(), limits.maxHeaderCount(), this);
    }

    @Override
    public boolean hasRoom() {
        return phase == Phase.IDLE && keepAlive && !announce && channel().isActive();
    }

    @Override
    public boolean isIdle() {
        return phase == Phase.IDLE;
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public boolean isSettled() {
        return true;
    }

    /**
     * The head is written at once in the form of an origin server's request. With {@code endOfStream} false, content
     * follows: by length when the head has a {@code Content-Length}, else chunked.
     */
    @Override
    public ClientStream send(RequestHead head, boolean endOfStream, ResponseHandler handler) {
        if (!hasRoom()) {
            throw new IllegalStateException("a request on a connection that cannot take one");
        }
        exchanges++;
        informational = 0;
        paused = false;
        reader.reset();
        Http1ClientStream opened = new Http1ClientStream(this, writer, head, handler);
        stream = opened;
        phase = Phase.HEAD;
        opened.sendHead(head, endOfStream);
        return opened;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel().isWritable() && stream != null) {
            stream.writable();
        }
    }

    @Override
    boolean accepts() {
        return phase == Phase.IDLE || !paused;
    }

    @Override
    boolean paused() {
        return paused && phase != Phase.IDLE;
    }

    @Override
    void consume(ByteBuf in) {
        switch (phase) {
            case IDLE -> {
                // Nobody asked: whatever this is, the next response could not be told from it.
                in.skipBytes(in.readableBytes());
                close();
            }
            case HEAD -> {
                if (reader.read(in)) {
                    head();
                } else {
                    fail(reader.violation());
                }
            }
            case BODY -> fail(body.read(in));
            case RAW -> raw(in.readRetainedSlice(in.readableBytes()), false);
        }
    }

    private void head() {
        ResponseHead head = reader.finish();
        Http1ClientStream current = stream;
        if (head == null || current == null) {
            fail(reader.failure());
        } else if (head.status() >= 200) {
            open(head, current);
        } else if (head.status() == 101) {
            switchProtocols(head, current);
        } else if (++informational > MAX_INFORMATIONAL) {
            fail(Violation.TOO_MANY_INFORMATIONAL);
        } else {
            head.headers().remove("content-length");
            reader.reset();
            current.handler().onInformational(head);
        }
    }

    /** RFC 9110 section 7.8. */
    private void switchProtocols(ResponseHead head, Http1ClientStream current) {
        if (!current.asksForUpgrade()) {
            fail(Violation.SWITCHING_PROTOCOLS);
            return;
        }
        if (!current.isProven(head)) {
            fail(Violation.WEBSOCKET_ACCEPT);
            return;
        }
        keepAlive = false;
        phase = Phase.RAW;
        channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        current.upgraded();
        current.handler().onHead(head, false);
        current.writable();
    }

    private void raw(ByteBuf data, boolean end) {
        Http1ClientStream current = stream;
        if (current == null) {
            data.release();
            return;
        }
        if (end) {
            rawInputEnded = true;
            if (current.requestEnded()) {
                stream = null;
                current.end();
            }
        }
        current.handler().onData(data, end);
        if (end && stream == null) {
            // What is still to be written was promised before.
            outbox().finish().addListener(written -> close());
        }
    }

    /** The upstream has said all it had to say; a connection that was not handed over just closes. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownReadComplete.INSTANCE && phase == Phase.RAW && !broken()) {
            // It may come before bytes that nobody took yet.
            rawInputOver = true;
            pumped();
        } else if (event != ChannelInputShutdownEvent.INSTANCE) {
            context.fireUserEventTriggered(event);
        }
    }

    /** Our half of a connection that has changed its protocol ends, behind the last byte. */
    void endOutput() {
        outbox().finish().addListener(written -> {
            if (rawInputEnded || !(channel() instanceof DuplexChannel duplex)) {
                stream = null;
                close();
            } else {
                TlsClosure.shutdownOutput(duplex);
            }
        });
    }

    /** RFC 9112 section 6.3, seen from the receiver. */
    private void open(ResponseHead head, Http1ClientStream current) {
        MessageFraming framing = reader.framing();
        boolean empty = current.toHead() || head.status() == 204 || head.status() == 304;
        boolean end = empty || !framing.chunked() && framing.contentLength() == 0;
        keepAlive = reader.keepAlive();
        current.answered();
        if (!end) {
            phase = Phase.BODY;
            if (framing.chunked()) {
                body.startChunked();
            } else if (framing.contentLength() > 0) {
                body.startLength(framing.contentLength());
            } else {
                body.startUntilClose();
                keepAlive = false;
            }
        } else {
            ended(current);
        }
        current.handler().onHead(head, end);
    }

    @Override
    public void onBody(ByteBuf data, boolean end) {
        Http1ClientStream current = stream;
        if (current == null) {
            data.release();
            return;
        }
        if (end) {
            ended(current);
        }
        current.handler().onData(data, end);
    }

    @Override
    public void onTrailers(Headers trailers) {
        Http1ClientStream current = stream;
        if (current != null) {
            ended(current);
            current.handler().onTrailers(trailers);
        }
    }

    /** A response that overtook its request leaves the request torn, and the connection with it. */
    private void ended(Http1ClientStream current) {
        keepAlive &= current.requestEnded();
        current.end();
        stream = null;
        phase = Phase.IDLE;
        paused = false;
        announce = true;
    }

    @Override
    void pumped() {
        if (rawInputOver && !rawInputEnded && phase == Phase.RAW && !holdsBytes()) {
            raw(Unpooled.EMPTY_BUFFER, true);
        }
        if (!announce) {
            return;
        }
        announce = false;
        if (keepAlive && !holdsBytes() && channel().isActive()) {
            owner.available(this);
        } else {
            close();
        }
    }

    private void fail(@Nullable Violation violation) {
        Http1ClientStream current = stream;
        if (violation == null || current == null) {
            return;
        }
        stream = null;
        close();
        current.reset(new StreamReset(
                StreamReset.Cause.PROTOCOL_ERROR, true, "the upstream's response is refused: " + violation.sentence()));
    }

    @Override
    void gone() {
        keepAlive = false;
        Http1ClientStream current = stream;
        stream = null;
        if (current != null) {
            gone(current);
        }
        phase = Phase.IDLE;
        owner.closed(this);
    }

    private void gone(Http1ClientStream current) {
        boolean endsWell = phase == Phase.BODY && body.untilClose() || phase == Phase.RAW && !rawInputEnded;
        if (endsWell && !broken()) {
            current.end();
            current.handler().onData(Unpooled.EMPTY_BUFFER, true);
            return;
        }
        boolean silent = phase == Phase.HEAD && !reader.begun() && informational == 0;
        boolean race = silent && exchanges > 1;
        current.reset(
                race
                        ? new StreamReset(
                                StreamReset.Cause.CLOSED_BEFORE_RESPONSE,
                                true,
                                "the upstream closed a reused connection without a byte of response")
                        : new StreamReset(
                                StreamReset.Cause.REMOTE_CLOSED,
                                true,
                                "the upstream closed the connection before the response was complete"));
    }

    void pause(boolean pause) {
        if (paused != pause) {
            paused = pause;
            resume();
        }
    }

    @Override
    public void retire() {
        keepAlive = false;
        if (phase == Phase.IDLE && !announce) {
            close();
        }
    }

    /** The exchange is given up. */
    void abandon() {
        stream = null;
        if (phase == Phase.RAW) {
            // Without framing only a reset tells a part from the whole.
            channel().config().setOption(ChannelOption.SO_LINGER, 0);
        }
        close();
    }

    private void close() {
        keepAlive = false;
        phase = Phase.IDLE;
        paused = false;
        ctx().close();
    }
}
