package dev.perimeter.proxy.sidecar.bootstrap;

import dev.perimeter.proxy.overload.OverloadConfig;
import dev.perimeter.proxy.overload.OverloadConfig.Action;
import dev.perimeter.proxy.overload.OverloadConfig.Pressure;
import dev.perimeter.proxy.overload.OverloadConfig.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** When load is shed: {@code overload_manager}, and the limits that Envoy reads from {@code layered_runtime}. */
final class OverloadReader {

    private static final String HEAP = "envoy.resource_monitors.fixed_heap";
    private static final String CONNECTIONS = "envoy.resource_monitors.global_downstream_max_connections";
    private static final String TYPES = "type.googleapis.com/envoy.extensions.resource_monitors.";
    private static final String HEAP_TYPE = TYPES + "fixed_heap.v3.FixedHeapConfig";
    private static final String CONNECTIONS_TYPE = TYPES + "downstream_connections.v3.DownstreamConnectionsConfig";

    private static final Map<String, Action> ACTIONS = Map.of(
            "envoy.overload_actions.stop_accepting_requests", Action.STOP_ACCEPTING_REQUESTS,
            "envoy.overload_actions.disable_http_keepalive", Action.DISABLE_HTTP_KEEPALIVE,
            "envoy.overload_actions.stop_accepting_connections", Action.STOP_ACCEPTING_CONNECTIONS,
            "envoy.overload_actions.reject_incoming_connections", Action.REJECT_INCOMING_CONNECTIONS,
            "envoy.overload_actions.shrink_heap", Action.SHRINK_HEAP,
            "envoy.overload_actions.reset_high_memory_stream", Action.RESET_HIGH_MEMORY_STREAM);

    private long maxHeap;
    private int maxConnections;
    private int leastAccount = OverloadConfig.NONE.leastAccountPower();
    private final List<Trigger> triggers = new ArrayList<>();

    private OverloadReader() {}

    /** Reads its two sections of the whole bootstrap; both may be missing. */
    static OverloadConfig read(Section root) {
        RuntimeLimits runtime = RuntimeLimits.read(root);
        OverloadReader reader = new OverloadReader();
        reader.maxConnections = runtime.all();
        Duration refresh = OverloadConfig.NONE.refresh();
        if (root.has("overload_manager")) {
            Section overload = root.section("overload_manager");
            refresh = refresh(overload);
            for (Section monitor : overload.list("resource_monitors", true)) {
                reader.monitor(monitor);
            }
            boolean accounts = overload.has("buffer_factory_config");
            if (accounts) {
                Section buffers = overload.section("buffer_factory_config");
                reader.leastAccount = buffers.number("minimum_account_to_track_power_of_two", 10, 56);
                buffers.end();
            }
            for (Section action : overload.list("actions", false)) {
                reader.action(action, accounts);
            }
            overload.end();
        }
        return new OverloadConfig(
                refresh,
                reader.maxHeap,
                reader.maxConnections,
                runtime.ofListeners(),
                reader.leastAccount,
                List.copyOf(reader.triggers));
    }

    private static Duration refresh(Section overload) {
        String text = overload.text("refresh_interval", "1s");
        try {
            double seconds = Double.parseDouble(text.endsWith("s") ? text.substring(0, text.length() - 1) : "no");
            if (seconds >= 0.001 && seconds <= 3600) {
                return Duration.ofMillis(Math.round(seconds * 1000));
            }
        } catch (NumberFormatException wrong) {
            // Said below.
        }
        overload.refuse("refresh_interval", "`" + text + "` must be a duration from 0.001s to 3600s");
        return OverloadConfig.NONE.refresh();
    }

    private void monitor(Section monitor) {
        String name = monitor.text("name");
        Section config = monitor.section("typed_config");
        String type = config.text("@type");
        if (name.equals(HEAP) && type.equals(HEAP_TYPE)) {
            maxHeap = amount(config, "max_heap_size_bytes");
        } else if (name.equals(CONNECTIONS) && type.equals(CONNECTIONS_TYPE)) {
            maxConnections = (int) Math.min(Integer.MAX_VALUE, amount(config, "max_active_downstream_connections"));
        } else {
            monitor.refuse("name", "`" + name + "` is not supported, only " + HEAP + " and " + CONNECTIONS + " are");
        }
        config.end();
        monitor.end();
    }

    /** A number of 64 bits may be written as a text (the JSON of protobuf). */
    static long amount(Section section, String field) {
        String text = section.text(field);
        try {
            long value = Long.parseLong(text);
            if (value > 0) {
                return value;
            }
        } catch (NumberFormatException wrong) {
            // Said below.
        }
        section.refuse(field, "`" + text + "` must be a whole number above zero");
        return 1;
    }

    /** @param accounts whether it is said which streams are large */
    private void action(Section section, boolean accounts) {
        String name = section.text("name");
        Action action = ACTIONS.get(name);
        if (action == null) {
            section.refuse(
                    "name",
                    "`" + name + "` is not supported; known are "
                            + ACTIONS.keySet().stream().sorted().toList());
        }
        if (action == Action.RESET_HIGH_MEMORY_STREAM && !accounts) {
            section.refuse("name", "`" + name + "` needs overload_manager.buffer_factory_config");
        }
        for (Section trigger : section.list("triggers", true)) {
            Pressure pressure = pressure(trigger);
            Trigger read =
                    trigger.has("scaled") ? scaled(trigger, action, pressure) : threshold(trigger, action, pressure);
            if (read != null) {
                triggers.add(read);
            }
            trigger.end();
        }
        section.end();
    }

    private Pressure pressure(Section trigger) {
        String monitor = trigger.text("name");
        boolean known = (monitor.equals(HEAP) && maxHeap > 0) || (monitor.equals(CONNECTIONS) && maxConnections > 0);
        if (!known) {
            trigger.refuse("name", "there is no resource monitor `" + monitor + "`");
        }
        return monitor.equals(CONNECTIONS) ? Pressure.CONNECTIONS : Pressure.HEAP;
    }

    private static @Nullable Trigger threshold(Section trigger, @Nullable Action action, Pressure pressure) {
        Section threshold = trigger.section("threshold");
        double value = share(threshold, "value");
        threshold.end();
        return action == null ? null : new Trigger(action, pressure, value, value);
    }

    private static @Nullable Trigger scaled(Section trigger, @Nullable Action action, Pressure pressure) {
        Section scaled = trigger.section("scaled");
        double from = share(scaled, "scaling_threshold");
        double to = share(scaled, "saturation_threshold");
        if (from >= to) {
            scaled.refuse("scaling_threshold", from + " must be less than saturation_threshold, " + to);
        }
        scaled.end();
        return action == null ? null : new Trigger(action, pressure, from, to);
    }

    private static double share(Section section, String field) {
        String text = section.text(field);
        try {
            double value = Double.parseDouble(text);
            if (value >= 0 && value <= 1) {
                return value;
            }
        } catch (NumberFormatException wrong) {
            // Said below.
        }
        section.refuse(field, "`" + text + "` must be a number from 0 to 1");
        return 1;
    }

    /** What the static layers of the runtime say of connections. */
    private record RuntimeLimits(int all, Map<String, Integer> ofListeners) {

        private static final String LISTENER = "envoy.resource_limits.listener.";
        private static final String LIMIT = ".connection_limit";
        private static final String ALL = "overload.global_downstream_max_connections";

        static RuntimeLimits read(Section root) {
            Map<String, Integer> limits = new HashMap<>();
            if (root.has("layered_runtime")) {
                Section runtime = root.section("layered_runtime");
                for (Section layer : runtime.list("layers", false)) {
                    values(layer.free("static_layer"), "", layer, limits);
                }
            }
            Integer all = limits.remove(ALL);
            Map<String, Integer> ofListeners = new HashMap<>();
            limits.forEach((key, limit) ->
                    ofListeners.put(key.substring(LISTENER.length(), key.length() - LIMIT.length()), limit));
            return new RuntimeLimits(all == null ? 0 : all, Map.copyOf(ofListeners));
        }

        /** Keys may be written with dots or as objects in objects. */
        private static void values(Map<?, ?> tree, String prefix, Section layer, Map<String, Integer> into) {
            tree.forEach((name, value) -> {
                String key = prefix.isEmpty() ? String.valueOf(name) : prefix + "." + name;
                boolean limit = key.equals(ALL) || (key.startsWith(LISTENER) && key.endsWith(LIMIT));
                if (value instanceof Map<?, ?> inner) {
                    values(inner, key, layer, into);
                } else if (!limit) {
                    return; // Judged with the other fields.
                } else if (value instanceof Number number && number.intValue() > 0) {
                    into.put(key, number.intValue());
                } else {
                    layer.refuse("static_layer." + key, "`" + value + "` must be a whole number above zero");
                }
            });
        }
    }
}
