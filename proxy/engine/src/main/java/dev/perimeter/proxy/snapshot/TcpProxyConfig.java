package dev.perimeter.proxy.snapshot;

import dev.perimeter.proxy.observe.AccessLog;
import dev.perimeter.proxy.route.RouteAction.WeightedCluster;
import java.time.Duration;
import java.util.List;

/**
 * Envoy's {@code tcp_proxy}: bytes both ways, whatever they mean.
 *
 * @param idleTimeout silence in both directions after which the connection is closed; zero means never
 */
public record TcpProxyConfig(
        String statPrefix, List<WeightedCluster> clusters, Duration idleTimeout, List<AccessLog> accessLogs)
        implements ListenerConfig.ConnectionHandling {}
