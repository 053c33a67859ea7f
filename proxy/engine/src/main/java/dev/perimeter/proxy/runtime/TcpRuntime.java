package dev.perimeter.proxy.runtime;

import dev.perimeter.proxy.observe.metric.Scope;
import dev.perimeter.proxy.observe.metric.TcpMetric;
import dev.perimeter.proxy.snapshot.TcpProxyConfig;

/** A TCP proxy ready to serve. */
public record TcpRuntime(String listener, TcpProxyConfig config, Scope<TcpMetric> metrics, RuntimeSnapshot runtime)
        implements ConnectionRuntime {}
