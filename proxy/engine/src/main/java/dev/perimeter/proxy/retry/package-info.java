/**
 * When a request is sent once more and when never: policies, the decision, the wait before it, the body kept for it.
 * Start here: {@link dev.perimeter.proxy.retry.Retries}.
 */
@NullMarked
package dev.perimeter.proxy.retry;

import org.jspecify.annotations.NullMarked;
