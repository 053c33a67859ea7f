package dev.perimeter.labs.harness.cli.lab;

import dev.perimeter.labs.harness.check.CheckResult;
import dev.perimeter.labs.harness.check.Report;
import dev.perimeter.labs.harness.check.Status;
import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.grade.ChallengeRun;
import dev.perimeter.labs.harness.grade.ClassPaths;
import dev.perimeter.labs.harness.grade.Outcome;
import dev.perimeter.labs.harness.grade.PrivateMesh;
import dev.perimeter.labs.harness.grade.RitualRun;
import dev.perimeter.labs.harness.grade.Scratch;
import dev.perimeter.labs.harness.grade.Selection;
import dev.perimeter.labs.harness.grade.Suite;
import dev.perimeter.labs.harness.grade.Switch;
import dev.perimeter.labs.harness.lab.Hints;
import dev.perimeter.labs.harness.lab.LabManifest;
import dev.perimeter.labs.harness.record.LearnerRecord;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab check NN[.T]}: compiles your file, looks at it, runs it in a process of its own, and tells how it went. */
@Command(
        name = "check",
        description = "Checks your file of a lab; with --mesh, also the lab's claims on a mesh of its own.")
final class CheckCommand implements Callable<Integer> {
    private static final int NOT_PASSED = 1;

    @Parameters(paramLabel = "NN[.T]", description = "Number of the lab, or one check of it.")
    private String what = "";

    @Option(names = "--seed", paramLabel = "N", description = "Plays the same bytes again.")
    private long seed = ThreadLocalRandom.current().nextLong(1, 100_000);

    @Option(names = "--production", description = "Runs the checks against the product's own class instead of yours.")
    private boolean production;

    @Option(names = "--mesh", description = "Runs what must hold with each toggle off and on, on a mesh of its own.")
    private boolean mesh;

    @Option(names = "--upto", description = "Checks the labs before this one first.")
    private boolean upto;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        String number = what.contains(".") ? what.substring(0, what.indexOf('.')) : what;
        LabHere here = LabHere.find(number);
        boolean passed = true;
        for (LabManifest lab : LabHere.all()) {
            boolean before = lab.id().compareTo(here.lab().id()) < 0;
            if (lab.id().equals(here.lab().id()) || (upto && before)) {
                passed &= check(LabHere.find(lab.id()), before ? "" : what);
            }
            if (!passed) {
                return NOT_PASSED;
            }
        }
        return 0;
    }

    /** @param asked a check of that lab, or the lab itself for all of them */
    private boolean check(LabHere here, String asked) {
        PrintWriter out = Terminal.out(spec);
        Scratch.clear(here.scratch());
        ClassPaths paths = ClassPaths.of(here.mesh().checkout());
        try (Suite suite = Suite.compile(here.lab(), paths, here.scratch().resolve("suite"))) {
            Selection all = Selection.of(here.lab(), suite);
            Set<String> only = asked.contains(".") ? Set.of(all.find(here.lab(), asked)) : Set.of();
            boolean whole = only.isEmpty();
            boolean onMesh =
                    whole ? mesh || all.ladder().isEmpty() : only.stream().allMatch(all::needsMesh);
            boolean climbed = whole ? !all.ladder().isEmpty() && !(mesh && production) : !onMesh;
            out.printf("Lab %s, %s (seed %d)%n", here.lab().id(), here.lab().title(), seed);
            out.flush();
            boolean passed = !climbed || challenge(here, paths, suite, only, out);
            // What holds on a mesh does not wait for the ladder.
            passed &= !onMesh || ritual(here, suite, only, out);
            if (passed && whole && !production) {
                here.record().done(LearnerRecord.Part.CHECKED, Instant.now());
            }
            return passed;
        }
    }

    private boolean challenge(LabHere here, ClassPaths paths, Suite suite, Set<String> only, PrintWriter out) {
        ChallengeRun run = new ChallengeRun(here.lab(), paths, suite, here.scratch());
        Outcome outcome = production ? run.production(seed, only) : run.learner(here.work(), seed, only);
        switch (outcome) {
            case Outcome.Unusable(String sentence) -> {
                out.println("There is nothing to check yet:");
                out.println("  " + sentence);
            }
            case Outcome.NotCompiled(List<String> errors) -> {
                out.println("It does not compile yet:");
                errors.forEach(error -> out.println("  " + error));
            }
            case Outcome.Refused(List<String> findings) -> {
                out.println("It was not run:");
                findings.forEach(finding -> out.println("  " + finding));
            }
            case Outcome.Checked(List<CheckResult> results) -> {
                tell(here, results, out);
                if (only.isEmpty()) {
                    points(here, results, out);
                }
            }
        }
        out.flush();
        return outcome.passed();
    }

    /** Why the points of the checks are not those of the lab. */
    private static void points(LabHere here, List<CheckResult> results, PrintWriter out) {
        int checked = results.stream().mapToInt(CheckResult::points).sum();
        boolean whole = results.stream().anyMatch(CheckResult::hidden);
        out.printf(
                "The lab has %d points; the other %d are for observing, predicting, verifying and explaining%s.%n",
                here.lab().points(),
                here.lab().points() - checked,
                whole ? "" : ", and for checks only your instructor has");
    }

    private boolean ritual(LabHere here, Suite suite, Set<String> only, PrintWriter out) {
        out.println("Starting a mesh of its own; yours is not touched.");
        out.flush();
        try (PrivateMesh own =
                PrivateMesh.up(here.mesh().checkout(), here.scratch().resolve("mesh"), line -> progress(line, out))) {
            Switch hand = Switch.of(here.lab(), own.mesh());
            List<CheckResult> results = RitualRun.on(own, here.lab(), suite, seed)
                    .run(
                            (toggle, value) -> {
                                progress("setting " + toggle.name() + "=" + value, out);
                                hand.set(toggle, value);
                            },
                            only);
            tell(here, results, out);
            return results.stream().allMatch(each -> each.status() == Status.PASS);
        }
    }

    private static void progress(String line, PrintWriter out) {
        out.println("  " + line.strip());
        out.flush();
    }

    private void tell(LabHere here, List<CheckResult> results, PrintWriter out) {
        out.print(new Report(Hints.read(here.lab()), seed).render(results));
        out.flush();
        Map<String, String> ended = new LinkedHashMap<>();
        results.forEach(each -> ended.put(
                each.id(),
                each.status() == Status.PASS
                        ? "PASS"
                        : each.status() + ": " + each.story().lastSeen()));
        if (!production) {
            here.record().checked(ended);
        }
    }
}
