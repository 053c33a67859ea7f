package dev.perimeter.proxy.balance;

import dev.perimeter.proxy.cluster.EndpointSet.Health;
import dev.perimeter.proxy.cluster.Host;

/** Which hosts may be taken at this moment. */
public enum Tier {
    HEALTHY,
    DEGRADED,
    /** In panic: so many are said to be ill that the news is more likely wrong than true. */
    ANY;

    public boolean takes(Host host) {
        return switch (this) {
            case HEALTHY -> host.health() == Health.HEALTHY;
            case DEGRADED -> host.health() == Health.DEGRADED;
            case ANY -> true;
        };
    }

    /** Whether a pick may end at this host. */
    boolean takes(Host host, Pick wanted) {
        return takes(host) && (wanted.tried().isEmpty() || !wanted.tried().contains(host.endpoint()));
    }
}
