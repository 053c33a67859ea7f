package dev.perimeter.labs.harness.node;

import dev.perimeter.labs.harness.json.Json;
import dev.perimeter.labs.harness.process.ProcessId;
import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.site.Site;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Talks to the local node of a mesh. */
public final class NodeClient {
    private static final int CONNECT_MILLIS = 2_000;
    private static final int READ_MILLIS = 6_000;

    private final Site site;
    private final String token;

    /** For the node that wrote {@code state}. */
    public NodeClient(RunState state) {
        this.site = state.settings().site();
        this.token = state.token();
    }

    /** What a child is up to. */
    public record ChildState(String name, String state, String reason) {
        public boolean ready() {
            return state.equals("READY");
        }

        public boolean dead() {
            return state.equals("DEAD");
        }
    }

    /**
     * What the node is up to.
     *
     * @param problem why the resources cannot be followed; empty if they can
     * @param planned whether it has read the resources yet
     */
    public record NodeState(String phase, String problem, boolean planned, Map<String, ChildState> children) {
        public boolean allReady() {
            return planned && children.values().stream().allMatch(ChildState::ready);
        }
    }

    /** Empty if the node does not answer. */
    public Optional<NodeState> state() {
        return call("GET", "/state", null).map(NodeClient::read);
    }

    /** Makes it read the resources now; the state it answers already follows them. */
    public Optional<NodeState> sync() {
        return call("POST", "/sync", "").map(NodeClient::read);
    }

    private static NodeState read(String text) {
        Map<String, @Nullable Object> json = Json.object(text);
        Map<String, ChildState> children = new LinkedHashMap<>();
        Json.asList(json.get("processes")).stream().map(Json::asObject).forEach(child -> {
            String name = String.valueOf(child.get("name"));
            children.put(
                    name,
                    new ChildState(name, String.valueOf(child.get("state")), String.valueOf(child.get("reason"))));
        });
        return new NodeState(
                String.valueOf(json.get("phase")),
                String.valueOf(json.get("problem")),
                Boolean.TRUE.equals(json.get("planned")),
                children);
    }

    /** Asks it to start what does not run, on behalf of {@code holder}. Answers whether it heard. */
    public boolean startMissing(ProcessId holder) {
        return call("POST", "/start-missing", holder.pid() + "@" + holder.start())
                .isPresent();
    }

    /** Tells it that an order has crossed. */
    public boolean commit() {
        return call("POST", "/commit", "").isPresent();
    }

    /** Gives up the {@code up} that holds its lease: the node ends what that one had started. */
    public boolean giveUp() {
        return call("POST", "/give-up", "").isPresent();
    }

    /** Asks it to end everything and itself. */
    public boolean stop() {
        return call("POST", "/stop", "").isPresent();
    }

    private Optional<String> call(String method, String path, @Nullable String body) {
        try {
            URI uri = URI.create("http://" + site.hold() + ":" + Site.HOLD_PORT + path);
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
            connection.setRequestMethod(method);
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout(READ_MILLIS);
            connection.setRequestProperty(NodeServer.TOKEN_HEADER, token);
            if (body != null) {
                connection.setDoOutput(true);
                connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            }
            if (connection.getResponseCode() >= 300) {
                return Optional.empty();
            }
            return Optional.of(new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
