package dev.perimeter.proxy.filter;

import dev.perimeter.proxy.failure.Failure;

/** What a filter answers to a hook. */
public sealed interface Verdict {

    /** Go on with the next filter. */
    Verdict NEXT = new Next();

    /** Wait; nothing moves in this direction until the filter calls {@code resume} on the exchange. */
    Verdict LATER = new Later();

    /** Only from the router, the last of the chain: send the request to the cluster of its route. */
    Verdict FORWARD = new Forward();

    record Next() implements Verdict {}

    record Later() implements Verdict {}

    record Forward() implements Verdict {}

    /** End the exchange here with the reply of this failure; impossible once the response's head is out, it is cut off then. */
    record Reply(Failure.Refused failure) implements Verdict {}
}
