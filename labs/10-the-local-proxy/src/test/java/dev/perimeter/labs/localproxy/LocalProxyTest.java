package dev.perimeter.labs.localproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.labs.harness.check.CheckResult;
import dev.perimeter.labs.harness.check.Report;
import dev.perimeter.labs.harness.check.Status;
import dev.perimeter.labs.harness.evidence.MeshEvidence;
import dev.perimeter.labs.harness.fault.Faults;
import dev.perimeter.labs.harness.grade.ClassPaths;
import dev.perimeter.labs.harness.grade.PrivateMesh;
import dev.perimeter.labs.harness.grade.RitualRun;
import dev.perimeter.labs.harness.grade.Suite;
import dev.perimeter.labs.harness.grade.Switch;
import dev.perimeter.labs.harness.lab.Hints;
import dev.perimeter.labs.harness.lab.LabManifest;
import dev.perimeter.labs.harness.lab.LabReader;
import dev.perimeter.labs.harness.mesh.lifecycle.Progress;
import dev.perimeter.labs.harness.site.Checkout;
import dev.perimeter.labs.harness.text.TextRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lab 10 does what its text says; both its switches are needed. */
class LocalProxyTest {

    private static final Path LAB = Path.of("").toAbsolutePath();

    @TempDir
    Path scratch;

    @Test
    void text_everyCommand_printsWhatThePageShows() throws IOException, InterruptedException {
        assertThat(new TextRun(LAB.getParent().getParent(), scratch).run(LAB)).isEmpty();
    }

    @Test
    void toggle_flipped_holdsOnBothSides_andOneThatDoesNothingFailsTheLab() {
        LabManifest lab = LabReader.read(LAB);
        Checkout checkout = Checkout.find();
        try (Suite suite = Suite.compile(lab, ClassPaths.ofThisProcess(LAB), scratch.resolve("suite"));
                PrivateMesh own = PrivateMesh.up(checkout, scratch.resolve("mesh"), Progress.SILENT)) {
            RitualRun ritual =
                    new RitualRun(lab, suite, new MeshEvidence(own.mesh().home()), new Faults(own.mesh()), 4711);

            List<CheckResult> idle = ritual.run((toggle, value) -> {}, Set.of("10.11"));
            assertThat(idle).anySatisfy(result -> {
                assertThat(result.id()).isEqualTo("10.sidecar");
                assertThat(result.status()).isEqualTo(Status.FAIL);
            });
            assertThat(idle).filteredOn(result -> result.id().equals("10.11")).allMatch(r -> r.status() == Status.FAIL);

            List<CheckResult> real = ritual.run(Switch.of(lab, own.mesh()), Set.of());
            assertThat(real)
                    .as(new Report(new Hints(Map.of()), 4711).render(real))
                    .hasSize(8)
                    .allMatch(result -> result.status() == Status.PASS);
        }
    }
}
