/**
 * Limits over time: buckets of tokens and streams that flow only so fast.
 *
 * <p>Start here: {@link dev.perimeter.proxy.filters.limit.TokenBucket}, {@link dev.perimeter.proxy.filters.limit.Throttle}.
 */
@NullMarked
package dev.perimeter.proxy.filters.limit;

import org.jspecify.annotations.NullMarked;
