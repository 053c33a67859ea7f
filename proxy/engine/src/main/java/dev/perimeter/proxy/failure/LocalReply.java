package dev.perimeter.proxy.failure;

import org.jspecify.annotations.Nullable;

/**
 * What a failure looks like from outside: Envoy's status, flag, details and body text for the same event.
 *
 * @param details {@code %RESPONSE_CODE_DETAILS%}
 * @param body plain text without internal names, {@code %LOCAL_REPLY_BODY%}
 * @param grpcStatus outcome of the call, if it was one
 */
public record LocalReply(int status, @Nullable ResponseFlag flag, String details, String body, int grpcStatus) {

    private static final String DISCONNECT = "upstream connect error or disconnect/reset before headers. ";

    LocalReply(int status, @Nullable ResponseFlag flag, String details, String body) {
        this(status, flag, details, body, GrpcReply.ofHttp(status));
    }

    /** The call did not end within the time it had, which a caller must not take for an upstream that is not there. */
    private LocalReply late() {
        return new LocalReply(status, flag, details, body, GrpcReply.DEADLINE_EXCEEDED);
    }

    /** The outcome of a call if the reply has another status: what followed from the first follows from that one. */
    public int grpcStatusAs(int other) {
        return other != status && grpcStatus == GrpcReply.ofHttp(status) ? GrpcReply.ofHttp(other) : grpcStatus;
    }

    /** The one place where a failure becomes a status. */
    public static LocalReply of(Failure failure) {
        return switch (failure) {
            case Failure.NoRoute f -> new LocalReply(404, ResponseFlag.NO_ROUTE, "route_not_found", "no such route");
            case Failure.NoCluster f ->
                new LocalReply(f.status(), ResponseFlag.NO_CLUSTER, "cluster_not_found", "no cluster");
            case Failure.NoEndpoint f ->
                new LocalReply(503, ResponseFlag.NO_HEALTHY_UPSTREAM, "no_healthy_upstream", "no healthy upstream");
            case Failure.ConnectFailed f ->
                beforeHead(503, ResponseFlag.UPSTREAM_CONNECT_FAILURE, "connection failure", f.attempts() > 1);
            case Failure.Overflow f -> beforeHead(503, ResponseFlag.UPSTREAM_OVERFLOW, "overflow", false);
            case Failure.ResponseTimeout f ->
                new LocalReply(504, ResponseFlag.UPSTREAM_TIMEOUT, "response_timeout", "upstream request timeout")
                        .late();
            case Failure.PerTryTimeout f ->
                new LocalReply(
                                504,
                                ResponseFlag.UPSTREAM_TIMEOUT,
                                f.idle() ? "upstream_per_try_idle_timeout" : "upstream_per_try_timeout",
                                "upstream request timeout")
                        .late();
            case Failure.DurationTimeout f ->
                new LocalReply(
                                f.requestComplete() ? 504 : 408,
                                ResponseFlag.DURATION_TIMEOUT,
                                "max_duration_timeout",
                                "downstream duration timeout")
                        .late();
            case Failure.UpstreamReset f -> reset(f);
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
            case Failure.TunnelRefused f ->
                new LocalReply(
                        403,
                        null,
                        "upgrade_failed",
                        f.isConnect() ? "CONNECT is not allowed" : "the upgrade is not allowed");
            case Failure.NoRouter f -> new LocalReply(500, null, "filter_chain_not_found", "no filter answered");
            case Failure.Refused f ->
                new LocalReply(
                        f.status(),
                        f.flag(),
                        f.details(),
                        f.body(),
                        f.grpcStatus() < 0 ? GrpcReply.ofHttp(f.status()) : f.grpcStatus());
        };
    }

    private static LocalReply reset(Failure.UpstreamReset f) {
        return switch (f.kind()) {
            case TERMINATED -> beforeHead(503, ResponseFlag.UPSTREAM_CLOSED, "connection termination", f.retried());
            case REMOTE_RESET -> beforeHead(503, ResponseFlag.UPSTREAM_RESET, "remote reset", f.retried());
            case LOCAL_RESET -> beforeHead(503, ResponseFlag.LOCAL_RESET, "local reset", f.retried());
            case PROTOCOL_ERROR -> beforeHead(502, ResponseFlag.UPSTREAM_PROTOCOL_ERROR, "protocol error", f.retried());
        };
    }

    private static LocalReply beforeHead(int status, ResponseFlag flag, String reason, boolean retried) {
        return new LocalReply(
                status,
                flag,
                "upstream_reset_before_response_started{" + reason.replace(' ', '_') + "}",
                DISCONNECT + (retried ? "retried and the latest reset reason: " : "reset reason: ") + reason);
    }
}
