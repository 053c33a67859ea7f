package dev.perimeter.proxy.snapshot;

import dev.perimeter.proxy.observe.AccessLog;
import dev.perimeter.proxy.route.RouteAction.WeightedCluster;
import java.time.Duration;
import java.util.List;

/**
 * Envoy's {@code tcp_proxy}: bytes both ways, whatever they mean.
 *
 * @param idleTimeout silence in both directions after which the connection is closed; zero means never
 * @param maxConnectAttempts how many endpoints are tried, 1 or more
 * @param bySource whether connections from one address belong together
 */
public record TcpProxyConfig(
        String statPrefix,
        List<WeightedCluster> clusters,
        Duration idleTimeout,
        List<AccessLog> accessLogs,
        int maxConnectAttempts,
        boolean bySource)
        implements ListenerConfig.ConnectionHandling {

    /** A client that comes through should not notice one endpoint that is away, nor wait for all of them. */
    public static final int ATTEMPTS = 5;

    public TcpProxyConfig(
            String statPrefix, List<WeightedCluster> clusters, Duration idleTimeout, List<AccessLog> accessLogs) {
        this(statPrefix, clusters, idleTimeout, accessLogs, ATTEMPTS, false);
    }
}
