package dev.perimeter.proxy.http.h2.guard;

import dev.perimeter.proxy.http.CodecEvent;
import dev.perimeter.proxy.http.h2.Http2Outbox;
import dev.perimeter.proxy.http.h2.OutboxWriter;
import dev.perimeter.proxy.snapshot.Http2Options.Floods;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts frames that cost us more than their sender, before anything else sees them, and ends the connection with
 * ENHANCE_YOUR_CALM at Envoy's limits. Frames for streams that are long gone count as well.
 */
public final class FloodGuard implements Http2FrameReader {

    private static final int CREDIT = 5;
    /**
     * Of RST_STREAM, more of which than streams came can only be for streams that are gone, and of SETTINGS, each of
     * which moves the windows of all streams and is answered.
     */
    private static final int SPARE = 100;
    /** A connection ends once; two are the rule for a graceful end (RFC 9113 section 6.8). */
    private static final int GOAWAYS = 10;

    private final Http2FrameReader reader;
    private final Floods limits;
    private final Http2Outbox outbox;
    private final OutboxWriter writer;
    private final Consumer<CodecEvent> events;
    private @Nullable Counter counter;

    public FloodGuard(
            Http2FrameReader reader,
            Floods limits,
            Http2Outbox outbox,
            OutboxWriter writer,
            Consumer<CodecEvent> events) {
        this.reader = reader;
        this.limits = limits;
        this.outbox = outbox;
        this.writer = writer;
        this.events = events;
    }

    @Override
    public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener) throws Http2Exception {
        // The codec changes its listener once, after the first SETTINGS.
        if (counter == null || counter.listener() != listener) {
            counter = new Counter(listener, counter);
        }
        reader.readFrame(ctx, input, counter);
    }

    @Override
    public Configuration configuration() {
        return reader.configuration();
    }

    @Override
    public void close() {
        reader.close();
    }

    private Http2Exception flood(CodecEvent event, String what) {
        events.accept(event);
        return Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, what);
    }

    private final class Counter extends Http2FrameListenerDecorator {

        private long streams;
        private long priorities;
        private long windowUpdates;
        private long resets;
        private long settings;
        private long unknown;
        private int goAways;
        private int empty;

        Counter(Http2FrameListener listener, @Nullable Counter before) {
            super(listener);
            if (before != null) {
                streams = before.streams;
                priorities = before.priorities;
                windowUpdates = before.windowUpdates;
                resets = before.resets;
                settings = before.settings;
                unknown = before.unknown;
                goAways = before.goAways;
            }
        }

        Http2FrameListener listener() {
            return listener;
        }

        /** What is about to be answered must find a reader. */
        private void checkOutbound() throws Http2Exception {
            if (outbox.controlWaiting() > limits.outboundControlFrames()) {
                throw flood(CodecEvent.OUTBOUND_CONTROL_FLOOD, "answers to control frames are not read");
            }
            if (outbox.waiting() > limits.outboundFrames()) {
                throw flood(CodecEvent.OUTBOUND_FLOOD, "frames are not read");
            }
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end)
                throws Http2Exception {
            if (data.isReadable() || end) {
                empty = 0;
            } else if (++empty > limits.emptyFrames()) {
                throw flood(CodecEvent.EMPTY_FRAMES_FLOOD, "DATA frames in a row without content");
            }
            return super.onDataRead(ctx, id, data, padding, end);
        }

        @Override
        public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end)
                throws Http2Exception {
            streams++;
            checkOutbound();
            super.onHeadersRead(ctx, id, headers, padding, end);
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
            streams++;
            checkOutbound();
            // RFC 9113 section 5.3.1: priorities are read over.
            super.onHeadersRead(ctx, id, headers, padding, end);
        }

        @Override
        public void onPriorityRead(ChannelHandlerContext ctx, int id, int dependency, short weight, boolean exclusive)
                throws Http2Exception {
            if (++priorities > limits.prioritiesPerStream() * (1 + streams)) {
                throw flood(CodecEvent.PRIORITY_FLOOD, "too many PRIORITY frames");
            }
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) throws Http2Exception {
            if (++resets > streams + SPARE) {
                throw flood(CodecEvent.PREMATURE_RESETS, "more RST_STREAM frames than streams");
            }
            super.onRstStreamRead(ctx, id, code);
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings wanted) throws Http2Exception {
            if (++settings > streams + SPARE) {
                throw flood(CodecEvent.CONTROL_FLOOD, "more SETTINGS frames than streams");
            }
            checkOutbound();
            super.onSettingsRead(ctx, wanted);
        }

        @Override
        public void onGoAwayRead(ChannelHandlerContext ctx, int lastStream, long code, ByteBuf debug)
                throws Http2Exception {
            if (++goAways > GOAWAYS) {
                throw flood(CodecEvent.CONTROL_FLOOD, "too many GOAWAY frames");
            }
            super.onGoAwayRead(ctx, lastStream, code, debug);
        }

        /** Read over (RFC 9113 section 5.5), in the numbers of PRIORITY, whose successor they may be (RFC 9218). */
        @Override
        public void onUnknownFrame(ChannelHandlerContext ctx, byte type, int id, Http2Flags flags, ByteBuf payload)
                throws Http2Exception {
            if (++unknown > limits.prioritiesPerStream() * (1 + streams)) {
                throw flood(CodecEvent.CONTROL_FLOOD, "too many frames of unknown types");
            }
            super.onUnknownFrame(ctx, type, id, flags, payload);
        }

        @Override
        public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
            checkOutbound();
            super.onPingRead(ctx, data);
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext ctx, int id, int increment) throws Http2Exception {
            long allowed = CREDIT + 2 * (streams + limits.windowUpdatesPerData() * writer.dataFrames());
            if (++windowUpdates > allowed) {
                throw flood(CodecEvent.WINDOW_UPDATE_FLOOD, "too many WINDOW_UPDATE frames");
            }
            super.onWindowUpdateRead(ctx, id, increment);
        }
    }
}
