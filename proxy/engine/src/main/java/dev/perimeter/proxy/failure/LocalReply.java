package dev.perimeter.proxy.failure;

import org.jspecify.annotations.Nullable;

/**
 * What a failure looks like from outside: Envoy's status, flag, details and body text for the same event.
 *
 * @param details {@code %RESPONSE_CODE_DETAILS%}
 * @param body plain text without internal names, {@code %LOCAL_REPLY_BODY%}
 */
public record LocalReply(int status, @Nullable ResponseFlag flag, String details, String body) {

    private static final String RESET = "upstream connect error or disconnect/reset before headers. reset reason: ";

    /** The one place where a failure becomes a status. */
    public static LocalReply of(Failure failure) {
        return switch (failure) {
            case Failure.NoRoute f -> new LocalReply(404, ResponseFlag.NO_ROUTE, "route_not_found", "no such route");
            case Failure.NoCluster f ->
                new LocalReply(f.status(), ResponseFlag.NO_CLUSTER, "cluster_not_found", "no cluster");
            case Failure.NoEndpoint f ->
                new LocalReply(503, ResponseFlag.NO_HEALTHY_UPSTREAM, "no_healthy_upstream", "no healthy upstream");
            case Failure.ConnectFailed f -> beforeHead(ResponseFlag.UPSTREAM_CONNECT_FAILURE, "connection failure");
            case Failure.Overflow f -> beforeHead(ResponseFlag.UPSTREAM_OVERFLOW, "overflow");
            case Failure.ResponseTimeout f ->
                new LocalReply(504, ResponseFlag.UPSTREAM_TIMEOUT, "response_timeout", "upstream request timeout");
            case Failure.UpstreamReset f ->
                f.protocolError()
                        ? new LocalReply(
                                502,
                                ResponseFlag.UPSTREAM_PROTOCOL_ERROR,
                                "upstream_reset_before_response_started{protocol_error}",
                                RESET + "protocol error")
                        : beforeHead(ResponseFlag.UPSTREAM_CLOSED, "connection termination");
            case Failure.StreamIdle f ->
                new LocalReply(
                        f.requestComplete() ? 504 : 408,
                        ResponseFlag.STREAM_IDLE_TIMEOUT,
                        "stream_idle_timeout",
                        "stream timeout");
            case Failure.Malformed f ->
                new LocalReply(
                        f.request().status(),
                        ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR,
                        f.request().details(),
                        f.request().sentence());
            case Failure.TunnelRefused f -> new LocalReply(403, null, "upgrade_failed", "CONNECT is not allowed");
            case Failure.NoRouter f -> new LocalReply(500, null, "filter_chain_not_found", "no filter answered");
            case Failure.Refused f -> new LocalReply(f.status(), f.flag(), f.details(), f.body());
        };
    }

    private static LocalReply beforeHead(ResponseFlag flag, String reason) {
        return new LocalReply(
                503, flag, "upstream_reset_before_response_started{" + reason.replace(' ', '_') + "}", RESET + reason);
    }
}
