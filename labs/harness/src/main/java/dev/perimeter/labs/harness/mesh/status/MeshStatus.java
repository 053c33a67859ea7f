package dev.perimeter.labs.harness.mesh.status;

import dev.perimeter.labs.harness.mesh.status.ProcessStatus.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A mesh at one moment.
 *
 * @param summary one sentence
 * @param site its site number, 0 when it is down
 * @param processes the local node first; empty when it is down
 * @param problems what is wrong with resource files, one sentence each; says nothing of how the mesh is
 */
public record MeshStatus(String summary, int site, List<ProcessStatus> processes, List<String> problems) {
    public MeshStatus {
        processes = List.copyOf(processes);
        problems = List.copyOf(problems);
    }

    /** Whether every process runs and is ready. */
    public boolean allReady() {
        return !processes.isEmpty() && processes.stream().allMatch(process -> process.state() == State.READY);
    }

    /** The process of that name. */
    public Optional<ProcessStatus> process(String name) {
        return processes.stream().filter(process -> process.name().equals(name)).findFirst();
    }

    /** For {@code status --json}. */
    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("ready", allReady());
        json.put("summary", summary);
        json.put("site", site == 0 ? null : site);
        json.put("processes", processes.stream().map(ProcessStatus::toJson).toList());
        json.put("problems", problems);
        return json;
    }
}
