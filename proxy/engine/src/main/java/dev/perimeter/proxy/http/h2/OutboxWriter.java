package dev.perimeter.proxy.http.h2;

import dev.perimeter.proxy.http.hpack.FieldEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;

/** Writes the two frames that matter, HEADERS and DATA, straight into the outbox; the others are Netty's. */
public final class OutboxWriter extends DefaultHttp2FrameWriter {

    private static final int FRAME_HEADER = 9;
    private static final int HEAD_GUESS = 512;

    private final FieldEncoder fields;
    private final Http2Outbox outbox;
    private long dataFrames;

    public OutboxWriter(FieldEncoder fields, Http2Outbox outbox) {
        super(fields);
        this.fields = fields;
        this.outbox = outbox;
    }

    /** DATA frames sent so far. */
    public long dataFrames() {
        return dataFrames;
    }

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int padding,
            boolean endStream,
            ChannelPromise promise) {
        ByteBuf to = outbox.room(HEAD_GUESS);
        int start = to.writerIndex();
        to.writeZero(FRAME_HEADER);
        try {
            fields.encodeHeaders(streamId, headers, to);
        } catch (Http2Exception e) {
            to.writerIndex(start);
            return promise.setFailure(e);
        }
        outbox.countFrame();
        int length = to.writerIndex() - start - FRAME_HEADER;
        int first = Math.min(length, maxFrameSize());
        int flags = (endStream ? Http2Flags.END_STREAM : 0) | (first == length ? Http2Flags.END_HEADERS : 0);
        frame(to, start, first, Http2FrameTypes.HEADERS, flags, streamId);
        if (first < length) {
            continuations(to, start + FRAME_HEADER + first, streamId);
        }
        return promise.setSuccess();
    }

    /** RFC 9113 section 6.10: a block larger than a frame goes on in frames of its own. */
    private void continuations(ByteBuf to, int from, int streamId) {
        byte[] rest = new byte[to.writerIndex() - from];
        to.getBytes(from, rest);
        to.writerIndex(from);
        for (int at = 0; at < rest.length; ) {
            int length = Math.min(rest.length - at, maxFrameSize());
            ByteBuf next = outbox.room(FRAME_HEADER + length);
            int start = next.writerIndex();
            next.writeZero(FRAME_HEADER).writeBytes(rest, at, length);
            at += length;
            int flags = at == rest.length ? Http2Flags.END_HEADERS : 0;
            frame(next, start, length, Http2FrameTypes.CONTINUATION, flags, streamId);
        }
    }

    @Override
    public ChannelFuture writeData(
            ChannelHandlerContext ctx,
            int streamId,
            ByteBuf data,
            int padding,
            boolean endStream,
            ChannelPromise promise) {
        do {
            int length = Math.min(data.readableBytes(), maxFrameSize());
            boolean last = length == data.readableBytes();
            boolean copied = length <= Http2Outbox.COPY_UP_TO;
            ByteBuf to = outbox.room(FRAME_HEADER + (copied ? length : 0));
            int start = to.writerIndex();
            to.writeZero(FRAME_HEADER);
            frame(to, start, length, Http2FrameTypes.DATA, last && endStream ? Http2Flags.END_STREAM : 0, streamId);
            dataFrames++;
            if (copied) {
                to.writeBytes(data, length);
            } else {
                outbox.data(data.readRetainedSlice(length));
            }
        } while (data.isReadable());
        data.release();
        return promise.setSuccess();
    }

    private static void frame(ByteBuf to, int start, int length, byte type, int flags, int streamId) {
        to.setMedium(start, length);
        to.setByte(start + 3, type);
        to.setByte(start + 4, flags);
        to.setInt(start + 5, streamId);
    }
}
