package dev.perimeter.labs.harness.mesh.status;

import dev.perimeter.labs.harness.run.Role;
import dev.perimeter.labs.harness.run.RunningProcess;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One process, as found a moment ago by looking at the process and asking it.
 *
 * @param reason why it is not ready or dead; empty when ready
 * @param address where it listens for others, {@code host:port}
 * @param version a proxy's config versions as the control plane has them acknowledged, in short; null for others, and
 *     while the control plane has no stream of that proxy
 * @param process what is known of it; null while it has never been started
 */
public record ProcessStatus(
        String name,
        Role role,
        State state,
        String reason,
        @Nullable Long pid,
        String address,
        @Nullable String version,
        @Nullable RunningProcess process) {
    /** How it is. */
    public enum State {
        READY("ready"),
        NOT_READY("not ready"),
        WAITING("waiting"),
        DEAD("dead");

        private final String word;

        State(String word) {
            this.word = word;
        }

        /** The word for people. */
        public String word() {
            return word;
        }
    }

    /** Whether it is one of those the control plane configures. */
    public boolean takesConfig() {
        return role == Role.PROXY || role == Role.GATEWAY;
    }

    ProcessStatus version(@Nullable String known) {
        return new ProcessStatus(name, role, state, reason, pid, address, known, process);
    }

    Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("role", role.word());
        json.put("state", state.word());
        json.put("reason", reason);
        json.put("pid", pid);
        json.put("address", address);
        json.put("version", version);
        if (process != null) {
            Path accessLog = process.accessLog();
            json.put("log", process.log().toString());
            json.put("accessLog", accessLog == null ? null : accessLog.toString());
            json.put("command", process.command());
        }
        return json;
    }
}
