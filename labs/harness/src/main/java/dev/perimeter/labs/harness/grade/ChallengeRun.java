package dev.perimeter.labs.harness.grade;

import dev.perimeter.labs.harness.check.CheckContext;
import dev.perimeter.labs.harness.check.Checker;
import dev.perimeter.labs.harness.lab.Challenge;
import dev.perimeter.labs.harness.lab.LabManifest;
import dev.perimeter.labs.harness.submission.ClassInspector;
import dev.perimeter.labs.harness.submission.Subject;
import dev.perimeter.labs.harness.submission.SubmissionCompiler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The checks of a challenge against a subject. One suite, any subject: the learner's class, the class of the product that
 * does the same job, or a mutant of it.
 */
public final class ChallengeRun {

    private final LabManifest lab;
    private final Challenge challenge;
    private final ClassPaths paths;
    private final Suite suite;
    private final Path scratch;

    /**
     * @param scratch an empty folder of this run's own
     * @throws java.util.NoSuchElementException when the lab has no challenge
     */
    public ChallengeRun(LabManifest lab, ClassPaths paths, Suite suite, Path scratch) {
        this.lab = lab;
        this.challenge = lab.challenge().orElseThrow();
        this.paths = paths;
        this.suite = suite;
        this.scratch = scratch;
    }

    /**
     * Runs the checks against sources of a learner.
     *
     * @param work the folder that holds the allowed files; nothing else of it is looked at
     */
    public Outcome learner(Path work, long seed, Set<String> only) {
        Path classes = scratch.resolve("subject");
        List<Path> sources = challenge.allowedFiles().stream()
                .map(work::resolve)
                .filter(Files::isRegularFile)
                .toList();
        if (sources.isEmpty()) {
            return new Outcome.Unusable(
                    "There is no " + challenge.allowedFiles().getFirst() + " yet; scripts/lab reset " + lab.id()
                            + " puts the starter there.");
        }
        List<String> errors = SubmissionCompiler.compile(sources, paths.product(), classes);
        if (!errors.isEmpty()) {
            return new Outcome.NotCompiled(errors);
        }
        Optional<String> unusable = ClassInspector.unusable(classes, challenge);
        if (unusable.isPresent()) {
            return new Outcome.Unusable(unusable.get());
        }
        List<String> findings = ClassInspector.refusals(classes, challenge);
        return findings.isEmpty()
                ? check(challenge.subject(), besides(classes), seed, only)
                : new Outcome.Refused(findings);
    }

    /** The lab's own classes come first; a subject cannot take the place of one of them. */
    private List<Path> besides(Path classes) {
        List<Path> all = new ArrayList<>(List.of(suite.open()));
        all.addAll(paths.besides(challenge, scratch.resolve("contract")));
        all.add(classes);
        return all;
    }

    /** Runs the same checks against the product's own class. */
    public Outcome production(long seed, Set<String> only) {
        List<Path> all = new ArrayList<>(List.of(suite.open()));
        all.addAll(paths.product());
        return check(challenge.production(), all, seed, only);
    }

    private Outcome check(String className, List<Path> classPath, long seed, Set<String> only) {
        Subject subject = new Subject(
                className.substring(className.lastIndexOf('.') + 1),
                className,
                challenge.host(),
                List.copyOf(classPath),
                challenge.heapMegabytes(),
                scratch.resolve("logs"));
        return new Outcome.Checked(Checker.run(CheckContext.challenge(subject, seed, only), suite.checks()));
    }
}
