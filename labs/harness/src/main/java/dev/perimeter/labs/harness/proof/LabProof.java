package dev.perimeter.labs.harness.proof;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perimeter.labs.harness.check.CheckResult;
import dev.perimeter.labs.harness.check.Report;
import dev.perimeter.labs.harness.check.Status;
import dev.perimeter.labs.harness.evidence.Alarm;
import dev.perimeter.labs.harness.grade.ClassPaths;
import dev.perimeter.labs.harness.grade.PrivateMesh;
import dev.perimeter.labs.harness.grade.RitualRun;
import dev.perimeter.labs.harness.grade.Suite;
import dev.perimeter.labs.harness.grade.Switch;
import dev.perimeter.labs.harness.lab.Hints;
import dev.perimeter.labs.harness.lab.LabManifest;
import dev.perimeter.labs.harness.lab.LabReader;
import dev.perimeter.labs.harness.lab.Toggle;
import dev.perimeter.labs.harness.mesh.lifecycle.Progress;
import dev.perimeter.labs.harness.site.Checkout;
import dev.perimeter.labs.harness.site.LabHome;
import dev.perimeter.labs.harness.text.TextRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every lab has to prove in the build: its text does what it says, its checks hold on a real mesh with each toggle
 * off and on, a toggle that does nothing makes the lab fail, and no process warns of what the lab does not do to it. A lab's module extends this in a class of its own, run
 * in the lab's folder.
 */
public abstract class LabProof {

    private static final long SEED = 4711;

    private final Path lab = Path.of("").toAbsolutePath();
    private final int results;
    private final Set<String> catchesIdle;
    private final List<Pattern> warnings;

    @TempDir
    Path scratch;

    /**
     * @param results how many results a whole ritual has: one for each check and one for each toggle
     * @param catchesIdle a check that fails when the toggle before it does nothing
     * @param warnings what processes of the mesh may warn of because of what the lab does to them; see {@link Alarm}
     */
    protected LabProof(int results, String catchesIdle, String... warnings) {
        this.results = results;
        this.catchesIdle = Set.of(catchesIdle);
        this.warnings = Stream.of(warnings).map(Pattern::compile).toList();
    }

    @Test
    void text_everyCommand_printsWhatThePageShows() throws IOException, InterruptedException {
        List<String> wrong = new TextRun(Checkout.find().root(), scratch).run(lab);
        assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
    }

    @Test
    void toggle_flipped_holdsOnBothSides_andOneThatDoesNothingFailsTheLab() {
        LabManifest manifest = LabReader.read(lab);
        try (Suite suite = Suite.compile(manifest, ClassPaths.ofThisProcess(lab), scratch.resolve("suite"));
                PrivateMesh own = PrivateMesh.up(Checkout.find(), scratch.resolve("mesh"), Progress.SILENT)) {
            RitualRun ritual = RitualRun.on(own, manifest, suite, SEED);
            List<CheckResult> idle = ritual.run((toggle, value) -> {}, expectedOfIdle(manifest));
            List<CheckResult> real = ritual.run(Switch.of(manifest, own.mesh()), Set.of());
            assertAll(
                    () -> assertEquals(expectedOfIdle(manifest), failed(idle), () -> told(idle)),
                    () -> assertEquals(results, real.size(), () -> told(real)),
                    () -> assertEquals(Set.of(), failed(real), () -> told(real)),
                    () -> assertEquals(List.of(), unexpected(own.mesh().home())));
        }
    }

    private List<Alarm> unexpected(LabHome home) {
        return Alarm.of(home).stream()
                .filter(alarm -> warnings.stream()
                        .noneMatch(each -> each.matcher(alarm.toString()).find()))
                .toList();
    }

    private Set<String> expectedOfIdle(LabManifest manifest) {
        Set<String> expected = new HashSet<>(catchesIdle);
        manifest.toggles().stream()
                .map(Toggle::name)
                .map(name -> RitualRun.idOf(manifest, name))
                .forEach(expected::add);
        return expected;
    }

    private static Set<String> failed(List<CheckResult> all) {
        Set<String> failed = new HashSet<>();
        all.stream().filter(each -> each.status() != Status.PASS).forEach(each -> failed.add(each.id()));
        return failed;
    }

    private static String told(List<CheckResult> all) {
        return new Report(new Hints(Map.of()), SEED).render(all);
    }
}
