package dev.perimeter.proxy.runtime;

import dev.perimeter.proxy.snapshot.FilterChainConfig;

/** A filter chain ready to serve. */
public record ChainRuntime(FilterChainConfig config, ConnectionRuntime manager) {}
