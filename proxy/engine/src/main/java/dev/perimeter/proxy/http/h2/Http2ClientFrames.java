package dev.perimeter.proxy.http.h2;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.http.hpack.FieldViolation;
import dev.perimeter.proxy.http.hpack.ReceivedFields;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import org.jspecify.annotations.Nullable;

/** Gives what an upstream sends to the stream that it is for. */
final class Http2ClientFrames extends Http2FrameAdapter {

    private final Http2ClientConnection connection;

    Http2ClientFrames(Http2ClientConnection connection) {
        this.connection = connection;
    }

    /** The one variant that the frame layer calls. */
    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int id,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endOfStream) {
        Http2ClientStream stream = connection.stream(id);
        if (stream == null) {
            return;
        }
        ReceivedFields fields = connection.fields();
        if (stream.headSeen()) {
            Headers trailers = fields.trailers();
            if (trailers == null) {
                refuse(stream, fields.violation());
            } else {
                stream.trailers(trailers);
            }
            return;
        }
        ResponseHead head = fields.response();
        if (head == null) {
            refuse(stream, fields.violation());
        } else {
            stream.head(head, endOfStream, fields.contentLength());
        }
    }

    private static void refuse(Http2ClientStream stream, @Nullable FieldViolation violation) {
        stream.malformed(violation == null ? "not a head" : violation.sentence());
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean endOfStream) {
        Http2ClientStream stream = connection.stream(id);
        return stream == null ? data.readableBytes() + padding : stream.data(data, padding, endOfStream);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int id, long errorCode) {
        Http2ClientStream stream = connection.stream(id);
        if (stream != null) {
            stream.resetByPeer(errorCode);
        }
    }

    /** RFC 9113 section 8.4: our first SETTINGS have switched it off, be they read or not. */
    @Override
    public void onPushPromiseRead(ChannelHandlerContext ctx, int id, int promised, Http2Headers headers, int padding)
            throws Http2Exception {
        throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "PUSH_PROMISE though it is switched off");
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
        connection.settings(settings);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        connection.pong();
    }
}
