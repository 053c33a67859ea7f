package dev.perimeter.proxy.health;

import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.cluster.health.HealthCheck;
import java.util.function.Consumer;

/** Asks endpoints. */
@FunctionalInterface
public interface Prober {

    /** Makes what asks one endpoint of a cluster again and again. Called on the health thread; opens nothing yet. */
    Session open(ClusterConfig cluster, HealthCheck check, Endpoint endpoint);

    interface Session {

        /** Asks once. {@code answer} is called exactly once, on any thread, after the check's time-out at the latest. */
        void ask(Consumer<Finding> answer);

        /** Gives up what is open; an answer still under way may come or not. */
        void close();
    }
}
