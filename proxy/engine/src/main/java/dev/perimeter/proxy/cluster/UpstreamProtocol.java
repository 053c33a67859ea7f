package dev.perimeter.proxy.cluster;

import java.time.Duration;

/**
 * How the endpoints of a cluster are spoken to (Envoy: HttpProtocolOptions of the cluster).
 *
 * @param idleTimeout how long an unused pooled connection is kept; zero means for ever
 */
public record UpstreamProtocol(Duration idleTimeout) {}
