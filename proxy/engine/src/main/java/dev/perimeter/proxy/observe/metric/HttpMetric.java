package dev.perimeter.proxy.observe.metric;

import dev.perimeter.proxy.failure.ResponseFlag;
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
    FLAG_FI(ResponseFlag.FAULT_INJECTED);

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

    HttpMetric(ResponseFlag flag) {
        this.metricName = "downstream_rq_response_flags";
        this.help = "Exchanges by response flag.";
        this.gauge = false;
        this.label = "flag=\"" + flag.code() + "\"";
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
