package dev.perimeter.labs.harness.run;

import dev.perimeter.labs.harness.json.Json;
import dev.perimeter.labs.harness.process.Probe;
import dev.perimeter.labs.harness.process.ProcessId;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One process of a mesh, as started.
 *
 * @param name {@code control-plane}, {@code gateway}, {@code database}, a pod such as {@code payment-v1-0}, or a pod's
 *     proxy, {@code payment-v1-0-proxy}
 * @param address where it listens for others, {@code host:port}
 * @param id null if it could not even be started
 * @param digest of its command line and environment; another digest means it must be restarted to follow a change
 * @param log its log; for a proxy, without the access log
 * @param accessLog a proxy's access log, one JSON object a line; null for others
 * @param ended why it runs no more; null while nobody has seen it end
 */
public record RunningProcess(
        String name,
        Role role,
        String address,
        @Nullable ProcessId id,
        String digest,
        List<String> command,
        Path log,
        @Nullable Path accessLog,
        Probe probe,
        @Nullable String ended) {
    /** Whether it still runs. */
    public boolean alive() {
        return id != null && id.alive();
    }

    /** The same process, seen to have ended. */
    public RunningProcess ended(String why) {
        return new RunningProcess(name, role, address, id, digest, command, log, accessLog, probe, why);
    }

    Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("role", role.name());
        json.put("address", address);
        json.put("pid", id == null ? null : id.pid());
        json.put("start", id == null ? null : id.start());
        json.put("digest", digest);
        json.put("command", command);
        json.put("log", log.toString());
        json.put("accessLog", Json.asText(accessLog));
        json.put("probe", probe.toString());
        json.put("ended", ended);
        return json;
    }

    static RunningProcess fromJson(Map<String, @Nullable Object> json) {
        Object accessLog = json.get("accessLog");
        return new RunningProcess(
                text(json, "name"),
                Role.valueOf(text(json, "role")),
                text(json, "address"),
                processId(json),
                text(json, "digest"),
                Json.asList(json.get("command")).stream().map(String::valueOf).toList(),
                Path.of(text(json, "log")),
                accessLog == null ? null : Path.of(accessLog.toString()),
                Probe.parse(text(json, "probe")),
                Json.asText(json.get("ended")));
    }

    static @Nullable ProcessId processId(Map<String, @Nullable Object> json) {
        return json.get("pid") instanceof Long pid ? new ProcessId(pid, text(json, "start")) : null;
    }

    static String text(Map<String, @Nullable Object> json, String name) {
        return Objects.requireNonNull(json.get(name), name).toString();
    }
}
