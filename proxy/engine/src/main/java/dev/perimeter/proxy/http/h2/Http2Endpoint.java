package dev.perimeter.proxy.http.h2;

import dev.perimeter.proxy.http.CodecEvent;
import dev.perimeter.proxy.http.h2.guard.Backlog;
import dev.perimeter.proxy.http.h2.guard.FloodGuard;
import dev.perimeter.proxy.http.hpack.FieldDecoder;
import dev.perimeter.proxy.http.hpack.FieldEncoder;
import dev.perimeter.proxy.http.hpack.ReceivedFields;
import dev.perimeter.proxy.snapshot.Http2Options;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpLimits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What both ends of a hop share: Netty's frame layer with our heads in it, and one flush for everything that a read, or a
 * round of the event loop, brought for this connection. Last in the pipeline; belongs to one channel and runs on its
 * event loop.
 */
abstract class Http2Endpoint extends Http2ConnectionHandler implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(Http2Endpoint.class);

    /** RFC 8441 section 3. */
    static final char ENABLE_CONNECT_PROTOCOL = 8;

    /** Small frames of a header block after which it is an attack (CVE-2024-27316). */
    private static final int SMALL_CONTINUATIONS = 16;

    /** As much as a channel takes before it says that it is full. */
    private static final int MOST_UNFLUSHED = 64 * 1024;

    /** What a connection is made of. */
    record Parts(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            ReceivedFields fields,
            Http2Outbox outbox,
            Backlog backlog,
            Http2Options options) {

        /** @param events learns of floods, before the connection ends because of one */
        static Parts of(boolean server, HttpLimits limits, Http2Options options, Consumer<CodecEvent> events) {
            Http2Connection connection = new DefaultHttp2Connection(server, 0);
            Backlog backlog = new Backlog(connection);
            connection.remote().flowController(new DefaultHttp2RemoteFlowController(connection, backlog));
            ReceivedFields fields = new ReceivedFields(limits.maxHeaderCount());
            Http2Outbox outbox = new Http2Outbox();
            OutboxWriter writer = new OutboxWriter(new FieldEncoder(), outbox);
            Http2ConnectionEncoder encoder = new DefaultHttp2ConnectionEncoder(connection, writer);
            FieldDecoder headers = new FieldDecoder(fields, limits.maxHeaderBytes());
            FloodGuard guard = new FloodGuard(
                    new DefaultHttp2FrameReader(headers, SMALL_CONTINUATIONS),
                    options.floods(),
                    outbox,
                    writer,
                    events);
            Http2ConnectionDecoder decoder = new DefaultHttp2ConnectionDecoder(
                    connection, encoder, guard, Http2PromisedRequestVerifier.ALWAYS_VERIFY, true, true, false);
            return new Parts(decoder, encoder, settings(server, limits, options), fields, outbox, backlog, options);
        }

        private static Http2Settings settings(boolean server, HttpLimits limits, Http2Options options) {
            Http2Settings settings = new Http2Settings()
                    .initialWindowSize(options.streamWindow())
                    .maxHeaderListSize(limits.maxHeaderBytes())
                    .headerTableSize(options.hpackTableSize());
            if (!server) {
                return settings.pushEnabled(false);
            }
            settings.maxConcurrentStreams(options.maxConcurrentStreams());
            if (options.allowConnect()) {
                settings.put(ENABLE_CONNECT_PROTOCOL, Long.valueOf(1));
            }
            return settings;
        }
    }

    private final ReceivedFields fields;
    private final Http2Outbox outbox;
    private final Backlog backlog;
    private final Http2Options options;
    private @Nullable ChannelHandlerContext ctx;
    private boolean inRead;
    private boolean scheduled;
    private int unflushed;

    Http2Endpoint(Parts parts) {
        super(parts.decoder(), parts.encoder(), parts.settings(), true, false);
        fields = parts.fields();
        outbox = parts.outbox();
        backlog = parts.backlog();
        options = parts.options();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) throws Exception {
        ctx = added;
        added.pipeline().addBefore(added.name(), null, outbox);
        super.handlerAdded(added);
        if (added.channel().isActive()) {
            begin();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        super.channelActive(context);
        begin();
    }

    /** Behind our SETTINGS. */
    private void begin() throws Http2Exception {
        int more = options.connectionWindow() - decoder().flowController().initialWindowSize();
        if (more > 0) {
            decoder().flowController().incrementWindowSize(connection().connectionStream(), more);
        }
        later();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        inRead = true;
        super.channelRead(context, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        inRead = false;
        super.channelReadComplete(context);
    }

    /** Something was written, or bytes were given back to the peer's window: flushes soon, once. */
    final void later() {
        if (!inRead && !scheduled) {
            scheduled = true;
            ctx().executor().execute(this);
        }
    }

    /**
     * Content was written: flushes soon, or now if that is a lot. Only what is flushed shows in the writability of a
     * channel, and a sender that is not told to wait would bring a whole batch of reads.
     */
    final void later(int bytes) {
        unflushed += bytes;
        if (unflushed >= MOST_UNFLUSHED && !inRead) {
            flush(ctx());
        } else {
            later();
        }
    }

    @Override
    public final void flush(ChannelHandlerContext context) {
        unflushed = 0;
        super.flush(context);
    }

    /** The flush that {@link #later()} asked for: runs after the events of this round of the event loop. */
    @Override
    public final void run() {
        scheduled = false;
        if (!inRead) {
            flush(ctx());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A peer may vanish at any time; anything else is a fault of ours that must be seen.
        if (!(cause instanceof IOException)) {
            log.error("closing {} after a fault", context.channel(), cause);
        }
        context.close();
    }

    /** What waits for the peer's window of this stream. */
    final long backlog(Http2Stream stream) {
        return backlog.bytes(stream);
    }

    /** The fields of the block that is being delivered. */
    final ReceivedFields fields() {
        return fields;
    }

    final Http2Options options() {
        return options;
    }

    final ChannelHandlerContext ctx() {
        if (ctx == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return ctx;
    }

    /** The connection; events of both directions run on its event loop. */
    public final Channel channel() {
        return ctx().channel();
    }
}
