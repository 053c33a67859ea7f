package dev.perimeter.proxy.filter;

import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.http.ResponseHead;
import io.netty.buffer.ByteBuf;

/** What a filter answers to a hook. Which answers a hook may give stands with each. */
public sealed interface Verdict {

    /** Any hook: go on with the next filter. */
    Verdict NEXT = new Next();

    /** Any hook: wait; nothing moves in this direction until the filter calls {@link Flow#resume}. */
    Verdict LATER = new Later();

    /** Only from the router, the last of the chain: send the request to the cluster of its route. */
    Verdict FORWARD = new Forward();

    /**
     * Head hooks: the head stays here while what follows it keeps coming to this filter, until the filter calls {@link
     * Flow#resume}. Whatever the filter lets go before that overtakes the head, so it has to keep it.
     */
    Verdict HOLD = new Hold();

    /** Data and trailers hooks: nothing goes on, not even the end of the stream; the filter sees to that later. */
    Verdict NOTHING = new Nothing();

    record Next() implements Verdict {}

    record Later() implements Verdict {}

    record Forward() implements Verdict {}

    record Hold() implements Verdict {}

    record Nothing() implements Verdict {}

    /** Data hooks: {@code data} goes on instead; ownership passes to the chain. */
    record Replace(ByteBuf data) implements Verdict {}

    /**
     * Data hooks: {@code data} goes on, and the hook is asked again with the same part as soon as what is behind takes
     * more. For a filter that makes much of little; ownership passes to the chain.
     */
    record More(ByteBuf data) implements Verdict {}

    /** Any hook: end the exchange with the reply of this failure; once the response's head is out, it is cut off. */
    record Reply(Failure.Refused failure) implements Verdict {}

    /**
     * Request hooks: answer with this head and no content, which passes the response filters as an upstream's would.
     *
     * @param details short name for {@code %RESPONSE_CODE_DETAILS%}
     */
    record Answer(ResponseHead head, String details) implements Verdict {}
}
