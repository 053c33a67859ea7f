package dev.perimeter.proxy.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/** What Netty's frame layer tells a server connection, in the connection's words. */
final class ServerFrames extends Http2FrameAdapter implements Http2RemoteFlowController.Listener {

    private final Http2ServerConnection codec;
    private final Http2Connection connection;

    ServerFrames(Http2ServerConnection codec) {
        this.codec = codec;
        this.connection = codec.connection();
        connection.addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                codec.closed(stream);
            }
        });
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end)
            throws Http2Exception {
        Http2Stream stream = connection.stream(id);
        Http2ServerStream known = codec.of(stream);
        if (known == null) {
            codec.request(stream, end);
        } else {
            codec.trailers(known);
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int id,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean end)
            throws Http2Exception {
        onHeadersRead(ctx, id, headers, padding, end);
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end) {
        Http2ServerStream stream = known(id);
        return stream == null ? data.readableBytes() + padding : stream.data(data, padding, end);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
        Http2ServerStream stream = known(id);
        if (stream != null) {
            codec.resetByClient(stream, code);
        }
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) {
        codec.settingsKnown();
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        codec.pingAnswered(data);
    }

    @Override
    public void writabilityChanged(Http2Stream stream) {
        Http2ServerStream known = codec.of(stream);
        if (known != null && codec.isWritable(stream)) {
            known.writable();
        }
    }

    private @Nullable Http2ServerStream known(int id) {
        Http2Stream stream = connection.stream(id);
        return stream == null ? null : codec.of(stream);
    }
}
