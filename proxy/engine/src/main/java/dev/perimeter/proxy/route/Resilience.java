package dev.perimeter.proxy.route;

import dev.perimeter.proxy.cluster.Priority;
import dev.perimeter.proxy.mirror.MirrorPolicy;
import dev.perimeter.proxy.retry.RetryPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is done so that a request succeeds although one attempt does not, and what is copied on the way.
 *
 * @param retry null when no answer is ever asked for twice
 * @param hedgeOnPerTryTimeout whether an attempt that is slow goes on beside the next one (Envoy: HedgePolicy)
 * @param mirrors copies are made for each of them
 * @param bufferLimit most bytes of a body that are kept to send them again (Envoy: per_request_buffer_limit_bytes)
 * @param priority whose circuit breakers count
 * @param countInRequest whether upstreams are told which attempt it is (Envoy: include_request_attempt_count)
 * @param countInResponse whether the client is told how many there were (Envoy: include_attempt_count_in_response)
 */
public record Resilience(
        @Nullable RetryPolicy retry,
        boolean hedgeOnPerTryTimeout,
        List<MirrorPolicy> mirrors,
        long bufferLimit,
        Priority priority,
        boolean countInRequest,
        boolean countInResponse) {

    public static final long DEFAULT_BUFFER_LIMIT = 64 * 1024;

    public static final Resilience NONE =
            new Resilience(null, false, List.of(), DEFAULT_BUFFER_LIMIT, Priority.DEFAULT, false, false);

    public static Resilience retrying(RetryPolicy policy) {
        return NONE.with(policy, false);
    }

    /** The same but for its retries. */
    public Resilience with(@Nullable RetryPolicy policy, boolean hedge) {
        return new Resilience(policy, hedge, mirrors, bufferLimit, priority, countInRequest, countInResponse);
    }

    public Resilience with(List<MirrorPolicy> copies) {
        return new Resilience(
                retry, hedgeOnPerTryTimeout, copies, bufferLimit, priority, countInRequest, countInResponse);
    }

    public Resilience withBufferLimit(long bytes) {
        return new Resilience(retry, hedgeOnPerTryTimeout, mirrors, bytes, priority, countInRequest, countInResponse);
    }

    public Resilience with(Priority other) {
        return new Resilience(
                retry, hedgeOnPerTryTimeout, mirrors, bufferLimit, other, countInRequest, countInResponse);
    }

    public Resilience counting(boolean inRequest, boolean inResponse) {
        return new Resilience(retry, hedgeOnPerTryTimeout, mirrors, bufferLimit, priority, inRequest, inResponse);
    }
}
