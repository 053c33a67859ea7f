package dev.perimeter.proxy.observe.metric;

import org.jspecify.annotations.Nullable;

/** What is counted for each cluster (Envoy: cluster manager statistics). */
public enum ClusterMetric implements Metric {
    CONNECTIONS("upstream_cx_total", "Connections asked for.", false),
    CONNECTIONS_ACTIVE("upstream_cx_active", "Connections open now.", true),
    CONNECT_FAIL("upstream_cx_connect_fail", "Connections that could not be made.", false),
    CONNECT_TIMEOUT("upstream_cx_connect_timeout", "Connections that were not there in time.", false),
    CONNECTIONS_OVERFLOW("upstream_cx_overflow", "Times the limit of connections was met.", false),
    REQUESTS("upstream_rq_total", "Requests sent, repeated ones included.", false),
    REQUESTS_ACTIVE("upstream_rq_active", "Requests in flight now.", true),
    REQUESTS_RETRIED("upstream_rq_retry", "Requests sent once more, on another endpoint or a fresh connection.", false),
    RETRY_SUCCESS("upstream_rq_retry_success", "Requests that succeeded by being sent once more.", false),
    RETRY_OVERFLOW("upstream_rq_retry_overflow", "Retries not made, since the cluster had too many under way.", false),
    RETRY_LIMIT_EXCEEDED(
            "upstream_rq_retry_limit_exceeded", "Retries not made, since the request had all it may have.", false),
    RETRY_BACKOFF_EXPONENTIAL("upstream_rq_retry_backoff_exponential", "Retries after a wait of our own.", false),
    RETRY_BACKOFF_RATELIMITED(
            "upstream_rq_retry_backoff_ratelimited", "Retries after the wait that the upstream asked for.", false),
    PER_TRY_TIMEOUT("upstream_rq_per_try_timeout", "Attempts that took longer than one may.", false),
    PER_TRY_IDLE_TIMEOUT(
            "upstream_rq_per_try_idle_timeout", "Attempts of which nothing was heard for too long.", false),
    REQUESTS_HEDGED("upstream_rq_hedged", "Attempts begun beside one that went on.", false),
    REQUESTS_MIRRORED("upstream_rq_mirrored", "Copies of requests that were sent here.", false),
    MIRROR_DROPPED("upstream_rq_mirror_dropped", "Copies given up, since they were too slow or too much.", false),
    REQUESTS_TIMEOUT("upstream_rq_timeout", "Requests without an answer in time.", false),
    REQUESTS_RESET("upstream_rq_rx_reset", "Requests the upstream broke off.", false),
    PENDING_OVERFLOW("upstream_rq_pending_overflow", "Requests refused at a limit of the cluster.", false),
    NO_ENDPOINT("upstream_cx_none_healthy", "Requests that found no endpoint.", false),
    STATUS_1XX("1"),
    STATUS_2XX("2"),
    STATUS_3XX("3"),
    STATUS_4XX("4"),
    STATUS_5XX("5");

    private final String metricName;
    private final String help;
    private final boolean gauge;
    private final @Nullable String label;

    ClusterMetric(String metricName, String help, boolean gauge) {
        this.metricName = metricName;
        this.help = help;
        this.gauge = gauge;
        this.label = null;
    }

    ClusterMetric(String statusClass) {
        this.metricName = "upstream_rq_xx";
        this.help = "Answers of the upstream by the class of their status.";
        this.gauge = false;
        this.label = "envoy_response_code_class=\"" + statusClass + "\"";
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
