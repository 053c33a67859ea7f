package dev.perimeter.labs.harness.grade;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.evidence.MeshEvidence;
import dev.perimeter.labs.harness.evidence.Scenario;
import dev.perimeter.labs.harness.lab.LabManifest;
import dev.perimeter.labs.harness.mesh.Mesh;
import java.nio.file.Path;
import java.util.Map;

/** One look at a running mesh through the eyes of a lab. */
public final class Look {

    private Look() {}

    /**
     * What the lab's scenario sees now.
     *
     * @param scratch folder the lab's classes are compiled into
     * @throws Refused when there is no mesh, or it does not carry an order
     */
    public static Map<String, String> at(Mesh mesh, LabManifest lab, Path scratch) {
        if (mesh.state().isEmpty()) {
            throw new Refused("The mesh is down; scripts/lab up starts it.");
        }
        Scratch.clear(scratch);
        try (Suite suite = Suite.compile(lab, ClassPaths.of(mesh.checkout()), scratch)) {
            return suite.make(lab.scenario(), Scenario.class).observe(new MeshEvidence(mesh.home()));
        } catch (AssertionError unseen) {
            throw new Refused("There was nothing to see: " + unseen.getMessage() + "; scripts/lab status says more.");
        }
    }
}
