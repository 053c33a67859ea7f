package dev.perimeter.proxy.http.h2;

import dev.perimeter.proxy.http.CodecEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * How an accepted connection goes down: a GOAWAY that still lets every stream in, since some are on their way (RFC 9113
 * section 6.8), a moment later the one that counts, the end of the streams under way, our half, and last the rest.
 * Closing at once would make the kernel answer unread bytes with a reset that eats what was sent last.
 */
final class ConnectionEnd {

    /** How long a client may take to notice our half of the close. */
    private static final Duration GRACE = Duration.ofSeconds(2);
    /** Between the two GOAWAYs at most; a client answers the PING between them sooner. */
    private static final Duration NOTICE = Duration.ofSeconds(1);

    static final long NOTICE_PING = 0x50_65_72_69_6dL;

    private enum Phase {
        OPEN,
        ANNOUNCED,
        DRAINING,
        LINGER
    }

    private final Http2ServerConnection codec;
    private final Consumer<CodecEvent> events;
    private Phase phase = Phase.OPEN;
    private long deadline = StreamTimes.NEVER;

    ConnectionEnd(Http2ServerConnection codec, Consumer<CodecEvent> events) {
        this.codec = codec;
        this.events = events;
    }

    /** Whether nothing that comes is read any more. */
    boolean lingers() {
        return phase == Phase.LINGER;
    }

    void announce() {
        if (phase == Phase.OPEN) {
            phase = Phase.ANNOUNCED;
            goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR, "");
            ChannelHandlerContext ctx = codec.ctx();
            ChannelFuture ignored = codec.encoder().writePing(ctx, false, NOTICE_PING, ctx.newPromise());
            deadline = StreamTimes.after(codec.now(), NOTICE);
            codec.wakeAt(deadline);
            codec.later();
        }
    }

    /** Also when it was not announced. */
    void drain() {
        if (phase == Phase.OPEN || phase == Phase.ANNOUNCED) {
            phase = Phase.DRAINING;
            deadline = StreamTimes.NEVER;
            goAway(codec.connection().remote().lastStreamCreated(), Http2Error.NO_ERROR, "");
            codec.later();
            settle();
        }
    }

    /** A stream has ended. */
    void settle() {
        if (phase == Phase.DRAINING && codec.connection().numActiveStreams() == 0) {
            // Later, since this may be the middle of a flush or of a frame.
            codec.ctx().executor().execute(this::linger);
        }
    }

    /** The client broke the protocol. */
    void abort(Http2Error code, String why) {
        if (phase != Phase.LINGER) {
            if (phase != Phase.DRAINING) {
                goAway(codec.connection().remote().lastStreamCreated(), code, why);
            }
            linger();
        }
    }

    /** What is too late at {@code now} ends; answers when the next will be. */
    long expire(long now) {
        if (deadline != StreamTimes.NEVER && deadline - now <= 0) {
            deadline = StreamTimes.NEVER;
            if (phase == Phase.LINGER) {
                codec.ctx().close();
            } else {
                drain();
            }
        }
        return deadline;
    }

    private void linger() {
        if (phase == Phase.LINGER || !codec.channel().isActive()) {
            return;
        }
        phase = Phase.LINGER;
        deadline = StreamTimes.after(codec.now(), GRACE);
        codec.wakeAt(deadline);
        codec.flush(codec.ctx());
        codec.ctx().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(this::halfClose);
    }

    private void halfClose(Future<? super Void> written) {
        if (written.isSuccess() && codec.channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        } else {
            codec.ctx().close();
        }
    }

    private void goAway(int lastStream, Http2Error code, String why) {
        Http2Connection connection = codec.connection();
        ChannelHandlerContext ctx = codec.ctx();
        ByteBuf debug = Unpooled.copiedBuffer(why, StandardCharsets.US_ASCII);
        try {
            if (connection.goAwaySent(lastStream, code.code(), debug)) {
                events.accept(CodecEvent.GOAWAY_SENT);
                ChannelFuture ignored = codec.encoder()
                        .frameWriter()
                        .writeGoAway(ctx, lastStream, code.code(), debug.retain(), ctx.newPromise());
            }
        } catch (Http2Exception e) {
            throw new IllegalStateException("the last stream of a GOAWAY never grows", e);
        } finally {
            debug.release();
        }
    }
}
