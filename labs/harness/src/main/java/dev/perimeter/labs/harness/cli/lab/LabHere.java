package dev.perimeter.labs.harness.cli.lab;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.cli.Here;
import dev.perimeter.labs.harness.grade.Settings;
import dev.perimeter.labs.harness.lab.BadLab;
import dev.perimeter.labs.harness.lab.LabManifest;
import dev.perimeter.labs.harness.lab.LabReader;
import dev.perimeter.labs.harness.mesh.Mesh;
import dev.perimeter.labs.harness.record.LearnerRecord;
import dev.perimeter.labs.harness.site.Checkout;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The lab a command is about, and where its learner works.
 *
 * @param work the folder with the learner's files, the lab's own by default
 */
record LabHere(Mesh mesh, LabManifest lab, LearnerRecord record, Path work) {

    /** Environment variable that moves the learner's files; a file is then looked for below {@code NN/}. */
    private static final String WORK = "LAB_WORK";

    static LabHere find(String number) {
        Mesh mesh = Here.mesh();
        LabManifest lab = read(() -> LabReader.find(labs(mesh.checkout()), number))
                .orElseThrow(() -> new Refused("There is no lab " + number + "; there are "
                        + all().stream().map(LabManifest::id).collect(Collectors.joining(", ")) + "."));
        String moved = System.getenv(WORK);
        Path work = moved == null || moved.isBlank() ? lab.folder() : Path.of(moved, lab.id());
        return new LabHere(mesh, lab, new LearnerRecord(mesh.home().learner(), lab.id()), work);
    }

    static List<LabManifest> all() {
        return read(() -> LabReader.all(labs(Checkout.find())));
    }

    private static Path labs(Checkout checkout) {
        return checkout.root().resolve("labs");
    }

    /** A lab that cannot be read is told in its own lines. */
    private static <T> T read(java.util.function.Supplier<T> reading) {
        try {
            return reading.get();
        } catch (BadLab bad) {
            throw new Refused("a lab cannot be read:\n" + bad.getMessage());
        }
    }

    /** Where classes and logs of a run go; emptied by the next run. */
    Path scratch() {
        return record.folder().resolve("scratch");
    }

    /** Where the lab's toggles stand in the mesh. */
    Settings settings() {
        return Settings.of(lab, mesh);
    }
}
