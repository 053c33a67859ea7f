package dev.perimeter.proxy.sidecar.bootstrap;

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
            for (Object key : layer.free("static_layer").keySet()) {
                String name = String.valueOf(key);
                boolean connections = name.equals("overload.global_downstream_max_connections");
                if (!name.startsWith("envoy.") && !name.equals("envoy") && !name.startsWith("re2.") && !connections) {
                    layer.refuse("static_layer[" + name + "]", "is not supported yet; remove it");
                }
            }
            layer.noteHarmless("static_layer");
            layer.end();
        }
        runtime.end();
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
