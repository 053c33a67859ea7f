package dev.perimeter.proxy.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Frame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One stream of a {@link Http2Upstream}; calls block the test's thread until frames have come or gone. */
public final class Http2Exchange {

    private static final int PATIENCE_SECONDS = 20;

    private final BlockingQueue<Http2StreamFrame> frames = new LinkedBlockingQueue<>();
    private final Channel channel;
    private final int connection;
    private final Http2HeadersFrame head;
    private @Nullable Http2Headers trailers;
    private volatile boolean closed;

    Http2Exchange(Channel channel, int connection, Http2HeadersFrame head) {
        this.channel = channel;
        this.connection = connection;
        this.head = head;
    }

    void received(Http2StreamFrame frame) {
        frames.add(frame);
        if (closed) {
            close();
        }
    }

    /** 1 for the first connection accepted. */
    public int connection() {
        return connection;
    }

    public int id() {
        return head.stream().id();
    }

    public Http2Headers head() {
        return head.headers();
    }

    /** A pseudo-header or field of the request, or null. */
    public @Nullable String header(String name) {
        CharSequence value = head.headers().get(name);
        return value == null ? null : value.toString();
    }

    /** Whether the head was the whole request. */
    public boolean isEnded() {
        return head.isEndStream();
    }

    /** The request's content up to its end; what is read is given back to the sender's window. */
    public String content() throws IOException, InterruptedException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        boolean end = head.isEndStream();
        while (!end) {
            Http2StreamFrame frame = next();
            if (frame instanceof Http2DataFrame data) {
                end = data.isEndStream();
                content.writeBytes(take(data));
            } else if (frame instanceof Http2HeadersFrame last) {
                trailers = last.headers();
                end = true;
            } else if (frame instanceof Http2ResetFrame reset) {
                throw new IOException("the stream was reset with " + reset.errorCode());
            }
        }
        return content.toString(StandardCharsets.ISO_8859_1);
    }

    /** One piece of the request's content; null at its end. */
    public byte @Nullable [] piece() throws IOException, InterruptedException {
        while (true) {
            Http2StreamFrame frame = next();
            if (frame instanceof Http2DataFrame data) {
                boolean end = data.isEndStream() && !data.content().isReadable();
                byte[] bytes = take(data);
                return end ? null : bytes;
            }
            if (frame instanceof Http2ResetFrame reset) {
                throw new IOException("the stream was reset with " + reset.errorCode());
            }
            if (frame instanceof Http2HeadersFrame last) {
                trailers = last.headers();
                return null;
            }
        }
    }

    private byte[] take(Http2DataFrame data) throws InterruptedException {
        byte[] bytes = new byte[data.content().readableBytes()];
        data.content().readBytes(bytes);
        int whole = data.initialFlowControlledBytes();
        data.release();
        if (whole > 0 && channel.isActive()) {
            channel.writeAndFlush(new DefaultHttp2WindowUpdateFrame(whole).stream(head.stream()));
        }
        return bytes;
    }

    /** The request's trailers, once its content was read; null without any. */
    public @Nullable Http2Headers trailers() {
        return trailers;
    }

    /** Waits for the other side to reset the stream, and tells its code. */
    public long awaitReset() throws IOException, InterruptedException {
        while (true) {
            Http2StreamFrame frame = next();
            ReferenceCountUtil.release(frame);
            if (frame instanceof Http2ResetFrame reset) {
                return reset.errorCode();
            }
        }
    }

    private Http2StreamFrame next() throws IOException, InterruptedException {
        Http2StreamFrame frame = frames.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (frame == null) {
            throw new IOException("nothing came for " + PATIENCE_SECONDS + " s");
        }
        return frame;
    }

    /** @param fields name, value, name, value ... */
    public Http2Exchange respond(int status, boolean endOfStream, String... fields) throws InterruptedException {
        Http2Headers headers = fields(fields).status(Integer.toString(status));
        return write(new DefaultHttp2HeadersFrame(headers, endOfStream).stream(head.stream()));
    }

    /** The whole of a response with this content. */
    public void answer(int status, String content) throws InterruptedException {
        respond(status, false).send(content, true);
    }

    public Http2Exchange send(String content, boolean endOfStream) throws InterruptedException {
        ByteBuf bytes = Unpooled.copiedBuffer(content, StandardCharsets.ISO_8859_1);
        return write(new DefaultHttp2DataFrame(bytes, endOfStream).stream(head.stream()));
    }

    public void end(String... trailers) throws InterruptedException {
        write(new DefaultHttp2HeadersFrame(fields(trailers), true).stream(head.stream()));
    }

    public void reset(Http2Error error) throws InterruptedException {
        write(new DefaultHttp2ResetFrame(error).stream(head.stream()));
    }

    /** Says that the connection takes no streams above the given number of streams after this one. */
    public void goAway(Http2Error error, int more) throws InterruptedException {
        DefaultHttp2GoAwayFrame goAway = new DefaultHttp2GoAwayFrame(error);
        goAway.setExtraStreamIds(more);
        write(goAway);
    }

    public Channel channel() {
        return channel;
    }

    private Http2Exchange write(Http2Frame frame) throws InterruptedException {
        channel.writeAndFlush(frame).sync();
        return this;
    }

    private static Http2Headers fields(String... fields) {
        Http2Headers headers = new DefaultHttp2Headers();
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        return headers;
    }

    /** What comes from now on is not looked at. */
    void close() {
        closed = true;
        for (Http2StreamFrame rest = frames.poll(); rest != null; rest = frames.poll()) {
            ReferenceCountUtil.release(rest);
        }
    }
}
