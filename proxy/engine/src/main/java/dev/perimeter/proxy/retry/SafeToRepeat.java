package dev.perimeter.proxy.retry;

import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.select.ValueConditions;

/**
 * Whether a request may be sent again although an upstream may have acted on it.
 *
 * <p>Decision. Envoy repeats whatever its policy says, a POST after a reset or a 503 included; who writes {@code retry_on:
 * 5xx} over all routes then pays twice sooner or later. Here a request whose method is not idempotent (RFC 9110 section
 * 9.2.2) is repeated by a policy only after an attempt of which surely nothing was processed ({@link
 * Lost#unprocessed()}). The operator opts out of that rule for requests that he names by {@code
 * retriable_request_headers}: a policy with such a list that the request meets is taken at its word, e.g. {@code
 * idempotency-key} present, {@code content-type} beginning with {@code application/grpc}, or {@code :method} POST. The
 * header {@code Idempotency-Key} alone changes nothing: a client cannot know what the service makes of it.
 */
public enum SafeToRepeat {
    /** Whatever became of the attempt before. */
    ALWAYS,
    /** Only when nothing was processed. */
    UNPROCESSED,
    /** The policy is not for this request. */
    NEVER;

    public static boolean idempotent(String method) {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" -> true;
            default -> false;
        };
    }

    static SafeToRepeat of(RequestHead head, RetryPolicy policy) {
        boolean named = !policy.requestHeaders().isEmpty();
        if (named && !ValueConditions.any(policy.requestHeaders(), head)) {
            return NEVER;
        }
        return named || idempotent(head.method()) ? ALWAYS : UNPROCESSED;
    }
}
