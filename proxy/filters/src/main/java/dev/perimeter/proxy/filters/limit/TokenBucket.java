package dev.perimeter.proxy.filters.limit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A bucket of tokens that all event loops share without a lock.
 *
 * <p>Implementation note: one long holds the number of the fill interval (upper half) and the tokens left in it (lower
 * half), so that taking a token is one compare-and-set and filling up needs no timer: whoever comes first after an interval
 * adds what came in meanwhile. Intervals are counted from the first request; they last 50 ms or more, so that 32 bits are
 * good for six years, and a bucket that was not asked for longer is simply full.
 */
public final class TokenBucket {

    private static final long UNSET = Long.MIN_VALUE;
    private static final long HALF = 0xffff_ffffL;

    private final long maxTokens;
    private final long tokensPerFill;
    private final long fillNanos;
    private final AtomicLong began = new AtomicLong(UNSET);
    private final AtomicLong state;

    /** @param maxTokens 1 to 4294967295, with which it begins; @param fillNanos 50 ms or more */
    public TokenBucket(long maxTokens, long tokensPerFill, long fillNanos) {
        this.maxTokens = maxTokens;
        this.tokensPerFill = tokensPerFill;
        this.fillNanos = fillNanos;
        state = new AtomicLong(maxTokens);
    }

    /** A full bucket of the same kind. */
    public TokenBucket fresh() {
        return new TokenBucket(maxTokens, tokensPerFill, fillNanos);
    }

    /** Takes a token if there is one. @param now monotonic nanoseconds */
    public boolean take(long now) {
        long interval = interval(now);
        while (true) {
            long before = state.get();
            long tokens = tokens(before, interval);
            if (tokens == 0) {
                return false;
            }
            long current = Math.max(interval, before >>> 32);
            if (state.compareAndSet(before, current << 32 | tokens - 1)) {
                return true;
            }
        }
    }

    public long remaining(long now) {
        return tokens(state.get(), interval(now));
    }

    public long maxTokens() {
        return maxTokens;
    }

    /** Until more come in, rounded up. */
    public long secondsToFill(long now) {
        long start = began.get();
        long passed = start == UNSET ? 0 : (now - start) % fillNanos;
        return Math.ceilDiv(fillNanos - passed, 1_000_000_000L);
    }

    private long interval(long now) {
        if (began.get() == UNSET) {
            began.compareAndSet(UNSET, now);
        }
        // Another loop may have looked at its clock a little earlier.
        return Math.clamp((now - began.get()) / fillNanos, 0, HALF);
    }

    private long tokens(long held, long interval) {
        long passed = Math.max(0, interval - (held >>> 32));
        long missing = maxTokens - (held & HALF);
        // Compared by division, since the product may be larger than a long.
        return passed > missing / tokensPerFill ? maxTokens : (held & HALF) + passed * tokensPerFill;
    }
}
