package dev.perimeter.labs.harness.grade;

import dev.perimeter.labs.harness.lab.LabManifest;
import dev.perimeter.labs.harness.lab.Toggle;
import dev.perimeter.labs.harness.mesh.Mesh;
import dev.perimeter.labs.harness.mesh.WorkloadChange;
import java.util.ArrayList;
import java.util.List;

/** Sets a toggle to a value and returns when the mesh is so. */
public interface Switch {

    /** Takes the steps of the value. */
    void set(Toggle toggle, String value);

    /** The switch of a running mesh. */
    static Switch of(LabManifest lab, Mesh mesh) {
        return (toggle, value) -> {
            List<WorkloadChange> changes = new ArrayList<>();
            for (Toggle.Step step : toggle.values().getOrDefault(value, List.of())) {
                switch (step) {
                    case Toggle.Step.Apply(String file) ->
                        mesh.apply(lab.folder().resolve("toggles").resolve(file));
                    case Toggle.Step.Workload(var name, var sidecar, var replicas, var env) ->
                        changes.add(new WorkloadChange("shop", name, sidecar.orElse(null), replicas.orElse(null), env));
                }
            }
            mesh.workloads(changes);
        };
    }
}
