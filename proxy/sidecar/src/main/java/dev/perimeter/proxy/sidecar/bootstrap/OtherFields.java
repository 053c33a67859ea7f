package dev.perimeter.proxy.sidecar.bootstrap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The fields of a bootstrap that change nothing a client or an upstream can see, or not here. */
final class OtherFields {

    private OtherFields() {}

    static void read(Section root) {
        // How and how often Envoy shows its own numbers.
        root.harmless("stats_flush_interval", "stats_flush_on_admin", "stats_config", "stats_server_version_override");
        root.harmless("enable_dispatcher_stats", "memory_allocator_manager");
        // Envoy's own supervision, switches and files.
        root.harmless("watchdog", "watchdogs", "flags_path", "fatal_actions", "perf_tracing_file_path");
        root.harmless("deferred_stat_options", "default_socket_interface");
        runtime(root);
        extensions(root);
        regexEngine(root);
    }

    /** Switches of Envoy's own code mean nothing here; a value that steers traffic would. */
    private static void runtime(Section root) {
        if (!root.has("layered_runtime")) {
            return;
        }
        Section runtime = root.section("layered_runtime");
        for (Section layer : runtime.list("layers", false)) {
            layer.harmless("name", "admin_layer");
            for (String name : leaves(layer.free("static_layer"), "")) {
                // Read with the limits of connections.
                boolean connections = name.equals("overload.global_downstream_max_connections");
                if (!name.startsWith("envoy.") && !name.startsWith("re2.") && !connections) {
                    layer.refuse("static_layer[" + name + "]", "is not supported yet; remove it");
                }
            }
            layer.noteHarmless("static_layer");
            layer.end();
        }
        runtime.end();
    }

    /** Keys may be written with dots or as objects in objects. */
    private static List<String> leaves(Map<?, ?> tree, String prefix) {
        List<String> names = new ArrayList<>();
        tree.forEach((name, value) -> {
            String key = prefix + name;
            if (value instanceof Map<?, ?> inner) {
                names.addAll(leaves(inner, key + "."));
            } else {
                names.add(key);
            }
        });
        return names;
    }

    /** Extensions of the process: listeners within it are there in any case. */
    private static void extensions(Section root) {
        for (Section extension : root.list("bootstrap_extensions", false)) {
            extension.accept("name");
            Section config = extension.section("typed_config");
            String type = "type.googleapis.com/envoy.extensions.bootstrap.internal_listener.v3.InternalListener";
            if (!config.text("@type").equals(type)) {
                config.refuse("@type", "must be " + type);
            }
            config.harmless("buffer_size_kb");
            config.end();
            extension.end();
        }
    }

    /** RE2, which is the one here too. */
    private static void regexEngine(Section root) {
        if (!root.has("default_regex_engine")) {
            return;
        }
        Section engine = root.section("default_regex_engine");
        engine.accept("name");
        Section config = engine.section("typed_config");
        String type = "type.googleapis.com/envoy.extensions.regex_engines.v3.GoogleRE2";
        if (!config.text("@type").equals(type)) {
            config.refuse("@type", "must be " + type);
        }
        config.end();
        engine.end();
    }
}
