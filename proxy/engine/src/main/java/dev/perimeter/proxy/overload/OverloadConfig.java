package dev.perimeter.proxy.overload;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * When a proxy sheds load (Envoy: overload_manager and envoy.resource_limits of the bootstrap).
 *
 * @param refresh how often the pressure is measured
 * @param maxHeapBytes what the heap after a collection and the buffers outside it may hold together
 *     (envoy.resource_monitors.fixed_heap); zero for no bound
 * @param maxConnections accepted by all listeners together (envoy.resource_monitors.global_downstream_max_connections);
 *     zero for no bound
 * @param listenerConnections the same for one listener, by its name
 * @param leastAccountPower streams that hold 2 to this power of bytes or more may be reset, 10 to 56
 *     (minimum_account_to_track_power_of_two)
 */
public record OverloadConfig(
        Duration refresh,
        long maxHeapBytes,
        int maxConnections,
        Map<String, Integer> listenerConnections,
        int leastAccountPower,
        List<Trigger> triggers) {

    /** Streams of no size. */
    private static final int NO_ACCOUNTS = 56;

    public static final OverloadConfig NONE = new OverloadConfig(Duration.ofSeconds(1), 0, 0, Map.of(), List.of());

    /** Without streams that could be reset. */
    public OverloadConfig(
            Duration refresh,
            long maxHeapBytes,
            int maxConnections,
            Map<String, Integer> listenerConnections,
            List<Trigger> triggers) {
        this(refresh, maxHeapBytes, maxConnections, listenerConnections, NO_ACCOUNTS, triggers);
    }

    public enum Action {
        /** New requests get 503; with a scaled trigger, as many of them as the pressure says. */
        STOP_ACCEPTING_REQUESTS,
        /** Each reply over HTTP/1 is the last of its connection. */
        DISABLE_HTTP_KEEPALIVE,
        /** Nothing is taken from the queues of the listeners. */
        STOP_ACCEPTING_CONNECTIONS,
        /** What is taken from the queues is closed at once. */
        REJECT_INCOMING_CONNECTIONS,
        /** The heap is collected, at most once in five seconds. */
        SHRINK_HEAP,
        /** The streams that hold the most are reset; the higher the pressure, the smaller ones too. */
        RESET_HIGH_MEMORY_STREAM
    }

    public enum Pressure {
        HEAP,
        CONNECTIONS
    }

    /**
     * Says how far an action is in force at a pressure, both from 0 to 1.
     *
     * @param scaling where it begins
     * @param saturation where it is in force wholly; equal to {@code scaling} for one that is in force or not
     */
    public record Trigger(Action action, Pressure pressure, double scaling, double saturation) {

        double force(double measured) {
            if (measured >= saturation) {
                return 1;
            }
            return measured <= scaling ? 0 : (measured - scaling) / (saturation - scaling);
        }
    }
}
