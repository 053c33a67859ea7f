package dev.perimeter.proxy.observe.metric;

import dev.perimeter.proxy.failure.ResponseFlag;
import dev.perimeter.proxy.http.CodecEvent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What is counted for each HTTP connection manager (Envoy: http connection manager statistics). */
public enum HttpMetric implements Metric {
    CONNECTIONS("downstream_cx_total", "Connections accepted.", false),
    CONNECTIONS_ACTIVE("downstream_cx_active", "Connections open now.", true),
    REQUESTS("downstream_rq_total", "Requests received, refused ones included.", false),
    REQUESTS_ACTIVE("downstream_rq_active", "Requests in flight now.", true),
    REQUESTS_RESET("downstream_rq_rx_reset", "Requests whose client went away before the end of the reply.", false),
    LOCAL_REPLIES("downstream_rq_local_reply", "Replies made by the proxy itself.", false),
    BYTES_RECEIVED("downstream_rq_body_bytes_received", "Bytes of request bodies.", false),
    BYTES_SENT("downstream_rq_body_bytes_sent", "Bytes of response bodies.", false),
    HTTP2_EMPTY_FRAMES("http2_inbound_empty_frames_flood", CodecEvent.EMPTY_FRAMES_FLOOD),
    HTTP2_PRIORITY("http2_inbound_priority_frames_flood", CodecEvent.PRIORITY_FLOOD),
    HTTP2_WINDOW_UPDATE("http2_inbound_window_update_frames_flood", CodecEvent.WINDOW_UPDATE_FLOOD),
    HTTP2_CONTROL("http2_inbound_control_frames_flood", CodecEvent.CONTROL_FLOOD),
    HTTP2_OUTBOUND_CONTROL("http2_outbound_control_flood", CodecEvent.OUTBOUND_CONTROL_FLOOD),
    HTTP2_OUTBOUND("http2_outbound_flood", CodecEvent.OUTBOUND_FLOOD),
    HTTP2_PREMATURE_RESETS("downstream_rq_too_many_premature_resets", CodecEvent.PREMATURE_RESETS),
    HTTP2_HEADER_OVERFLOW("http2_header_overflow", CodecEvent.HEADER_OVERFLOW),
    HTTP2_MESSAGING_ERROR("http2_rx_messaging_error", CodecEvent.MESSAGING_ERROR),
    HTTP2_RESET_RECEIVED("http2_rx_reset", CodecEvent.RESET_RECEIVED),
    HTTP2_RESET_SENT("http2_tx_reset", CodecEvent.RESET_SENT),
    HTTP2_GOAWAY_SENT("http2_goaway_sent", CodecEvent.GOAWAY_SENT),
    HTTP2_STREAM_REFUSED("http2_stream_refused_errors", CodecEvent.STREAM_REFUSED),
    HTTP2_KEEPALIVE_TIMEOUT("http2_keepalive_timeout", CodecEvent.KEEPALIVE_TIMEOUT),
    STATUS_1XX("1"),
    STATUS_2XX("2"),
    STATUS_3XX("3"),
    STATUS_4XX("4"),
    STATUS_5XX("5"),
    FLAG_NR(ResponseFlag.NO_ROUTE),
    FLAG_NC(ResponseFlag.NO_CLUSTER),
    FLAG_UH(ResponseFlag.NO_HEALTHY_UPSTREAM),
    FLAG_UF(ResponseFlag.UPSTREAM_CONNECT_FAILURE),
    FLAG_UO(ResponseFlag.UPSTREAM_OVERFLOW),
    FLAG_UT(ResponseFlag.UPSTREAM_TIMEOUT),
    FLAG_UC(ResponseFlag.UPSTREAM_CLOSED),
    FLAG_UR(ResponseFlag.UPSTREAM_RESET),
    FLAG_UPE(ResponseFlag.UPSTREAM_PROTOCOL_ERROR),
    FLAG_DC(ResponseFlag.DOWNSTREAM_CLOSED),
    FLAG_DPE(ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR),
    FLAG_DT(ResponseFlag.DURATION_TIMEOUT),
    FLAG_SI(ResponseFlag.STREAM_IDLE_TIMEOUT),
    FLAG_RL(ResponseFlag.RATE_LIMITED),
    FLAG_UAEX(ResponseFlag.UNAUTHORIZED),
    FLAG_URX(ResponseFlag.RETRY_LIMIT_EXCEEDED),
    FLAG_LR(ResponseFlag.LOCAL_RESET),
    FLAG_DI(ResponseFlag.DELAY_INJECTED),
    FLAG_FI(ResponseFlag.FAULT_INJECTED),
    FLAG_OM(ResponseFlag.OVERLOADED);

    private static final HttpMetric[] EVENTS =
            Arrays.copyOfRange(values(), HTTP2_EMPTY_FRAMES.ordinal(), HTTP2_KEEPALIVE_TIMEOUT.ordinal() + 1);

    private final String metricName;
    private final String help;
    private final boolean gauge;
    private final @Nullable String label;

    HttpMetric(String metricName, String help, boolean gauge) {
        this.metricName = metricName;
        this.help = help;
        this.gauge = gauge;
        this.label = null;
    }

    HttpMetric(String statusClass) {
        this.metricName = "downstream_rq_xx";
        this.help = "Replies by the class of their status.";
        this.gauge = false;
        this.label = "envoy_response_code_class=\"" + statusClass + "\"";
    }

    HttpMetric(String metricName, CodecEvent event) {
        this(metricName, event.meaning(), false);
    }

    HttpMetric(ResponseFlag flag) {
        this.metricName = "downstream_rq_response_flags";
        this.help = "Exchanges by response flag.";
        this.gauge = false;
        this.label = "flag=\"" + flag.code() + "\"";
    }

    /** The events stand in this table in the order of {@link CodecEvent}. */
    public static HttpMetric of(CodecEvent event) {
        return EVENTS[event.ordinal()];
    }

    /** The flags stand in this table in the order of {@link ResponseFlag}. */
    static HttpMetric of(ResponseFlag flag) {
        return values()[FLAG_NR.ordinal() + flag.ordinal()];
    }

    @Override
    public String metricName() {
        return metricName;
    }

    @Override
    public String help() {
        return help;
    }

    @Override
    public boolean gauge() {
        return gauge;
    }

    @Override
    public @Nullable String label() {
        return label;
    }
}
