/** Upstreams that fail, and what is done about it: retries, hedges, mirrors, health checks. Start here: {@link dev.perimeter.proxy.story.resilience.UpstreamFailureTest}. */
@NullMarked
package dev.perimeter.proxy.story.resilience;

import org.jspecify.annotations.NullMarked;
