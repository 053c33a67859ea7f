package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.http.h1.Http1ServerConnection;
import dev.perimeter.proxy.http.h2.Http2ServerConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells HTTP/2 with prior knowledge (RFC 9113 section 3.3) from HTTP/1.1 by the first bytes. The HTTP/1.1 codec stands
 * behind from the beginning and minds a silent client; it gives way when the first bytes are those of the preface.
 * Fewer bytes than that are held for a moment, and then are HTTP/1.1's to refuse.
 */
final class PrefaceDetector extends ChannelInboundHandlerAdapter {

    /** Up to here no HTTP/1.1 request begins alike, and both codecs judge the rest by themselves. */
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Http1ServerConnection http1;
    private final Supplier<Http2ServerConnection> http2;
    private final Duration patience;
    private @Nullable ByteBuf held;
    private @Nullable Future<?> wait;

    /** @param patience with a client that sent a part of the preface; zero means any */
    PrefaceDetector(Http1ServerConnection http1, Supplier<Http2ServerConnection> http2, Duration patience) {
        this.http1 = http1;
        this.http2 = http2;
        this.patience = patience;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        ByteBuf before = held;
        held = null;
        ByteBuf all = before == null ? in : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), before, in);
        int known = Math.min(all.readableBytes(), PREFACE.length);
        for (int i = 0; i < known; i++) {
            if (all.getByte(all.readerIndex() + i) != PREFACE[i]) {
                leave(ctx, all);
                return;
            }
        }
        if (known < PREFACE.length) {
            held = all;
            waitForMore(ctx);
            return;
        }
        ChannelPipeline pipeline = ctx.pipeline();
        pipeline.replace(http1, null, http2.get());
        leave(ctx, all);
    }

    private void waitForMore(ChannelHandlerContext ctx) {
        if (wait == null && !patience.isZero()) {
            wait = ctx.executor().schedule(() -> giveUp(ctx), patience.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void giveUp(ChannelHandlerContext ctx) {
        ByteBuf all = held;
        held = null;
        if (all != null) {
            leave(ctx, all);
            ctx.fireChannelReadComplete();
        }
    }

    /** What was read goes on, and whatever comes later goes straight to the codec. */
    private void leave(ChannelHandlerContext ctx, ByteBuf all) {
        ctx.fireChannelRead(all);
        ctx.pipeline().remove(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (wait != null) {
            wait.cancel(false);
        }
        if (held != null) {
            held.release();
            held = null;
        }
    }
}
