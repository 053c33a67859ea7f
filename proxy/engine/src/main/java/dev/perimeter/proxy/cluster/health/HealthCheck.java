package dev.perimeter.proxy.cluster.health;

import dev.perimeter.proxy.route.HeaderEdit;
import java.time.Duration;
import java.util.List;

/**
 * Active checks of the endpoints of a cluster (Envoy: core.v3.HealthCheck; each field is Envoy's of the same name).
 *
 * @param timeout of one check
 * @param unhealthyThreshold how many failures in a row make an endpoint ill; an answer of the wrong kind does so at once
 * @param healthyThreshold how many successes in a row make it well again; the very first check decides alone
 * @param reuseConnection whether the connection of a check is kept for the next one
 */
public record HealthCheck(
        Probe probe,
        Duration timeout,
        Intervals intervals,
        int unhealthyThreshold,
        int healthyThreshold,
        boolean reuseConnection) {

    /**
     * How long it is from the end of one check to the next. What a config leaves out has the value of {@code interval}.
     *
     * @param interval between checks of a well endpoint in use
     * @param initialJitter the first check comes by chance within that time
     * @param jitter up to so much is added to every interval by chance
     * @param jitterPercent and so many percent of it
     * @param noTraffic while the cluster was never asked to serve (default 60 s)
     * @param noTrafficHealthy the same for well endpoints
     * @param unhealthy between checks of an ill endpoint
     * @param unhealthyEdge after the check by which it became ill
     * @param healthyEdge after the check by which it became well
     */
    public record Intervals(
            Duration interval,
            Duration initialJitter,
            Duration jitter,
            int jitterPercent,
            Duration noTraffic,
            Duration noTrafficHealthy,
            Duration unhealthy,
            Duration unhealthyEdge,
            Duration healthyEdge) {

        /** The same at all times, but for clusters without traffic. */
        public static Intervals every(Duration interval, Duration noTraffic) {
            return new Intervals(
                    interval, Duration.ZERO, Duration.ZERO, 0, noTraffic, noTraffic, interval, interval, interval);
        }
    }

    /** What is asked. */
    public sealed interface Probe {}

    /**
     * @param host empty for the name of the cluster
     * @param expected what a well endpoint answers; empty for 200 alone
     * @param retriable what counts as one failure instead of making the endpoint ill at once
     * @param headers what is done to the headers of a check; values have no command operators
     */
    public record Http(
            String host,
            String path,
            String method,
            List<StatusRange> expected,
            List<StatusRange> retriable,
            List<HeaderEdit> headers,
            boolean http2)
            implements Probe {}

    /** From start to just before end. */
    public record StatusRange(int start, int end) {

        public boolean holds(int status) {
            return start <= status && status < end;
        }
    }

    /** grpc.health.v1.Health/Check. @param authority empty for the name of the cluster */
    public record Grpc(String service, String authority) implements Probe {}

    /**
     * @param send hexadecimal; empty when it is enough that the connection stands
     * @param receive parts that must come in this order, with anything between them; hexadecimal
     */
    public record Tcp(String send, List<String> receive) implements Probe {}
}
