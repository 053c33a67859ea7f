package dev.perimeter.proxy.runtime;

import dev.perimeter.proxy.observe.metric.LimitMetric;
import dev.perimeter.proxy.observe.metric.Scope;
import dev.perimeter.proxy.snapshot.FilterChainConfig;
import org.jspecify.annotations.Nullable;

/**
 * A filter chain ready to serve.
 *
 * @param limited what its limit of connections counts, or null where it has none
 */
public record ChainRuntime(
        FilterChainConfig config,
        ConnectionRuntime manager,
        @Nullable Scope<LimitMetric> limited) {}
