package dev.perimeter.labs.harness.mesh.status;

import dev.perimeter.controlplane.contract.NodeId;
import dev.perimeter.controlplane.contract.Ports;
import dev.perimeter.labs.harness.json.Json;
import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.workload.Plan;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The control plane's console, seen from outside. */
public final class Console {
    private static final int MILLIS = 2_000;
    private static final int SHORT = 6;
    private static final Set<String> ALWAYS_ASKED_FOR = Set.of("listeners", "clusters");

    private final URI base;

    private Console(URI base) {
        this.base = base;
    }

    /** The console of the mesh that wrote {@code state}. */
    public static Console of(RunState state) {
        return new Console(address(state));
    }

    /** Where it is. */
    public static URI address(RunState state) {
        return URI.create("http://" + state.settings().site().podIp(Plan.CONTROL_PLANE_NUMBER) + ":" + Ports.CONSOLE);
    }

    /** {@code GET /status}; empty if the control plane does not answer. */
    public Optional<Map<String, @Nullable Object>> status() {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) base.resolve("/status").toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(MILLIS);
            connection.setReadTimeout(MILLIS);
            if (connection.getResponseCode() != 200) {
                return Optional.empty();
            }
            String text = new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Optional.of(Json.object(text));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The config versions each proxy has acknowledged, by process name: {@code listeners 1a2b3c routes …}. */
    Map<String, String> versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        status().ifPresent(status -> Json.asList(status.get("proxies")).stream()
                .map(Json::asObject)
                .forEach(proxy -> processName(String.valueOf(proxy.get("node")))
                        .ifPresent(name -> versions.put(name, inShort(proxy)))));
        return versions;
    }

    /**
     * The proxies that have what this control plane has for them, by process name: each type they asked for is
     * acknowledged, or refused with a reason that status shows.
     */
    public Set<String> settled() {
        Set<String> settled = new HashSet<>();
        status().ifPresent(status -> Json.asList(status.get("proxies")).stream()
                .map(Json::asObject)
                .filter(Console::isSettled)
                .forEach(proxy -> processName(String.valueOf(proxy.get("node"))).ifPresent(settled::add)));
        return settled;
    }

    private static boolean isSettled(Map<String, @Nullable Object> proxy) {
        Map<String, @Nullable Object> types = Json.asObject(proxy.get("types"));
        return types.keySet().containsAll(ALWAYS_ASKED_FOR)
                && types.entrySet().stream().allMatch(type -> {
                    Map<String, @Nullable Object> versions = Json.asObject(type.getValue());
                    boolean answered = versions.get("sent") != null || !ALWAYS_ASKED_FOR.contains(type.getKey());
                    return versions.get("nacked") != null
                            || (answered && Objects.equals(versions.get("sent"), versions.get("acked")));
                });
    }

    private static Optional<String> processName(String node) {
        return switch (NodeId.parse(node)) {
            case NodeId.Known(NodeId id) ->
                switch (id.role()) {
                    case SIDECAR -> Optional.of(id.name() + "-proxy");
                    case GATEWAY -> Optional.of(Plan.GATEWAY);
                    case PROXYLESS -> Optional.empty();
                };
            case NodeId.Unknown unknown -> Optional.empty();
        };
    }

    private static String inShort(Map<String, @Nullable Object> proxy) {
        StringJoiner text = new StringJoiner(" ");
        Json.asObject(proxy.get("types")).forEach((type, value) -> {
            Map<String, @Nullable Object> versions = Json.asObject(value);
            String acked = Json.asText(versions.get("acked"));
            String word =
                    acked == null || acked.isEmpty() ? "none" : acked.substring(0, Math.min(SHORT, acked.length()));
            String refused = versions.get("nacked") == null ? "" : "!";
            text.add(type + "=" + word + refused);
        });
        Object reason = proxy.get("reason");
        return reason == null ? text.toString() : reason.toString();
    }
}
