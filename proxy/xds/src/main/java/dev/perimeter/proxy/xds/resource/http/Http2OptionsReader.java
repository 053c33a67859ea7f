package dev.perimeter.proxy.xds.resource.http;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.snapshot.Http2Options;
import dev.perimeter.proxy.snapshot.Http2Options.Floods;
import dev.perimeter.proxy.snapshot.Http2Options.KeepAlive;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.KeepaliveSettings;
import java.time.Duration;

/** How HTTP/2 is spoken, with clients as with upstreams. */
public final class Http2OptionsReader {

    private static final int SMALLEST_WINDOW = 65_535;

    private static final FieldList KEEPALIVE = FieldList.of(KeepaliveSettings::getDescriptor)
            .honoured(KeepaliveSettings.INTERVAL_FIELD_NUMBER, KeepaliveSettings.TIMEOUT_FIELD_NUMBER)
            // The jitter is Envoy's default, a part of the interval.
            .harmless(KeepaliveSettings.INTERVAL_JITTER_FIELD_NUMBER);

    public static final FieldList FIELDS = FieldList.of(Http2ProtocolOptions::getDescriptor)
            .honoured(
                    Http2ProtocolOptions.HPACK_TABLE_SIZE_FIELD_NUMBER,
                    Http2ProtocolOptions.MAX_CONCURRENT_STREAMS_FIELD_NUMBER,
                    Http2ProtocolOptions.INITIAL_STREAM_WINDOW_SIZE_FIELD_NUMBER,
                    Http2ProtocolOptions.INITIAL_CONNECTION_WINDOW_SIZE_FIELD_NUMBER,
                    Http2ProtocolOptions.ALLOW_CONNECT_FIELD_NUMBER,
                    Http2ProtocolOptions.MAX_OUTBOUND_FRAMES_FIELD_NUMBER,
                    Http2ProtocolOptions.MAX_OUTBOUND_CONTROL_FRAMES_FIELD_NUMBER,
                    Http2ProtocolOptions.MAX_CONSECUTIVE_INBOUND_FRAMES_WITH_EMPTY_PAYLOAD_FIELD_NUMBER,
                    Http2ProtocolOptions.MAX_INBOUND_PRIORITY_FRAMES_PER_STREAM_FIELD_NUMBER,
                    Http2ProtocolOptions.MAX_INBOUND_WINDOW_UPDATE_FRAMES_PER_DATA_FRAME_SENT_FIELD_NUMBER)
            .inside(Http2ProtocolOptions.CONNECTION_KEEPALIVE_FIELD_NUMBER, KEEPALIVE)
            // A malformed message always ends its stream and never more; there is one codec; METADATA is not read.
            .harmless(
                    Http2ProtocolOptions.STREAM_ERROR_ON_INVALID_HTTP_MESSAGING_FIELD_NUMBER,
                    Http2ProtocolOptions.OVERRIDE_STREAM_ERROR_ON_INVALID_HTTP_MESSAGE_FIELD_NUMBER,
                    Http2ProtocolOptions.USE_OGHTTP2_CODEC_FIELD_NUMBER,
                    Http2ProtocolOptions.MAX_METADATA_SIZE_FIELD_NUMBER);

    private Http2OptionsReader() {}

    public static Http2Options read(Http2ProtocolOptions given, Place place) {
        Http2Options otherwise = Http2Options.DEFAULTS;
        return new Http2Options(
                given.hasMaxConcurrentStreams()
                        ? Amounts.between(
                                1,
                                Integer.MAX_VALUE,
                                given.getMaxConcurrentStreams(),
                                place.in("max_concurrent_streams"))
                        : otherwise.maxConcurrentStreams(),
                given.hasInitialStreamWindowSize()
                        ? Amounts.between(
                                SMALLEST_WINDOW,
                                Integer.MAX_VALUE,
                                given.getInitialStreamWindowSize(),
                                place.in("initial_stream_window_size"))
                        : otherwise.streamWindow(),
                given.hasInitialConnectionWindowSize()
                        ? Amounts.between(
                                SMALLEST_WINDOW,
                                Integer.MAX_VALUE,
                                given.getInitialConnectionWindowSize(),
                                place.in("initial_connection_window_size"))
                        : otherwise.connectionWindow(),
                given.hasHpackTableSize()
                        ? Amounts.between(0, Integer.MAX_VALUE, given.getHpackTableSize(), place.in("hpack_table_size"))
                        : otherwise.hpackTableSize(),
                given.getAllowConnect(),
                floods(given, otherwise.floods()),
                keepAlive(given, place.in("connection_keepalive")));
    }

    private static Floods floods(Http2ProtocolOptions given, Floods otherwise) {
        return new Floods(
                given.hasMaxOutboundFrames() ? Amounts.limit(given.getMaxOutboundFrames()) : otherwise.outboundFrames(),
                given.hasMaxOutboundControlFrames()
                        ? Amounts.limit(given.getMaxOutboundControlFrames())
                        : otherwise.outboundControlFrames(),
                given.hasMaxConsecutiveInboundFramesWithEmptyPayload()
                        ? Amounts.limit(given.getMaxConsecutiveInboundFramesWithEmptyPayload())
                        : otherwise.emptyFrames(),
                given.hasMaxInboundPriorityFramesPerStream()
                        ? Amounts.limit(given.getMaxInboundPriorityFramesPerStream())
                        : otherwise.prioritiesPerStream(),
                given.hasMaxInboundWindowUpdateFramesPerDataFrameSent()
                        ? Amounts.limit(given.getMaxInboundWindowUpdateFramesPerDataFrameSent())
                        : otherwise.windowUpdatesPerData());
    }

    private static KeepAlive keepAlive(Http2ProtocolOptions given, Place place) {
        if (!given.hasConnectionKeepalive()) {
            return Http2Options.DEFAULTS.keepAlive();
        }
        KeepaliveSettings keepalive = given.getConnectionKeepalive();
        Duration interval = keepalive.hasInterval()
                ? Amounts.positive(keepalive.getInterval(), place.in("interval"))
                : Duration.ZERO;
        return new KeepAlive(interval, Amounts.positive(keepalive.getTimeout(), place.in("timeout")));
    }
}
