package dev.perimeter.proxy.runtime;

import dev.perimeter.proxy.filter.chain.FilterPlans;
import dev.perimeter.proxy.observe.metric.HttpMetric;
import dev.perimeter.proxy.observe.metric.Scope;
import dev.perimeter.proxy.route.select.RouteIndex;
import dev.perimeter.proxy.snapshot.HttpManagerConfig;

/**
 * An HTTP connection manager ready to serve: its config with the routes looked up, and the runtime it is part of. An
 * exchange holds on to the one it began with.
 */
public record HttpRuntime(
        String listener,
        HttpManagerConfig config,
        RouteIndex routes,
        FilterPlans filters,
        LocalReplies localReplies,
        Scope<HttpMetric> metrics,
        RuntimeSnapshot runtime)
        implements ConnectionRuntime {}
