package dev.perimeter.labs.localproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.labs.harness.check.Report;
import dev.perimeter.labs.harness.grade.ChallengeRun;
import dev.perimeter.labs.harness.grade.ClassPaths;
import dev.perimeter.labs.harness.grade.Outcome;
import dev.perimeter.labs.harness.grade.Suite;
import dev.perimeter.labs.harness.json.Json;
import dev.perimeter.labs.harness.lab.Hints;
import dev.perimeter.labs.harness.lab.LabManifest;
import dev.perimeter.labs.harness.lab.LabReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The ladder judges rightly: the product's class passes, the starter fails its first rung with a sentence that says what
 * to do, each mutant dies by the rung made for it, and what must not run is refused by name. What each subject gets
 * stands in {@code instructor/expected}.
 */
class LadderTest {

    private static final long SEED = 4711;
    private static final Path LAB = Path.of("").toAbsolutePath();

    @TempDir
    static Path compiled;

    @TempDir
    Path scratch;

    private static LabManifest lab;
    private static ClassPaths paths;
    private static Suite suite;

    @BeforeAll
    static void compileTheSuiteOnce() {
        lab = LabReader.read(LAB);
        paths = ClassPaths.ofThisProcess(LAB);
        suite = Suite.compile(lab, paths, compiled);
    }

    @AfterAll
    static void close() {
        suite.close();
    }

    static List<String> subjects() throws IOException {
        try (Stream<Path> files = Files.list(LAB.resolve("instructor/expected"))) {
            return files.map(file -> file.getFileName().toString().replace(".grade.json", ""))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void subject_checked_getsItsExpectedGrade(String name) throws IOException {
        Map<String, ?> expected =
                Json.object(Files.readString(LAB.resolve("instructor/expected/" + name + ".grade.json")));
        ChallengeRun run = new ChallengeRun(lab, paths, suite, scratch);
        Outcome outcome =
                name.equals("production") ? run.production(SEED, Set.of()) : run.learner(work(name), SEED, Set.of());
        switch (outcome) {
            case Outcome.NotCompiled(var errors) ->
                assertThat(Json.asList(expected.get("does not compile"))).isEqualTo(errors);
            case Outcome.Refused(var findings) ->
                assertThat(Json.asList(expected.get("refused"))).isEqualTo(findings);
            case Outcome.Checked(var results) -> {
                String story = new Report(new Hints(Map.of()), SEED).render(results);
                assertThat(results)
                        .as("%s%n%s", name, story)
                        .extracting(each -> each.id() + " " + each.status() + " " + each.earned())
                        .isEqualTo(Json.asList(expected.get("tests")));
                Object says = expected.get("says");
                if (says != null) {
                    assertThat(story).contains(says.toString());
                }
            }
        }
    }

    /** A learner's folder with that file in it. */
    private Path work(String name) throws IOException {
        Path source = Stream.of("starter", "instructor/mutants/" + name, "instructor/bad/" + name)
                .map(LAB::resolve)
                .filter(folder -> folder.endsWith(name))
                .filter(Files::isDirectory)
                .findFirst()
                .orElseThrow();
        Path file = scratch.resolve("work")
                .resolve(lab.challenge().orElseThrow().allowedFiles().getFirst());
        Files.createDirectories(file.getParent());
        Files.copy(source.resolve(file.getFileName()), file);
        return scratch.resolve("work");
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void mutant_expectedGrade_namesTheRungThatKillsIt(String name) throws IOException {
        Map<String, ?> expected =
                Json.object(Files.readString(LAB.resolve("instructor/expected/" + name + ".grade.json")));
        List<String> killed = Json.asList(expected.get("tests")).stream()
                .map(Object::toString)
                .filter(line -> !line.contains("PASS") && !line.contains("NOT_REACHED"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
        assertThat(killed)
                .as("rungs that fail for %s", name)
                .isNotEmpty()
                .contains(expected.get("killed by").toString());
    }

    static List<String> mutants() throws IOException {
        try (Stream<Path> folders = Files.list(LAB.resolve("instructor/mutants"))) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    /** Every rung is there for a mutant; one that kills none would be dead weight. */
    @org.junit.jupiter.api.Test
    void rungs_fromTheSecondOn_eachKillAMutant() throws IOException {
        List<String> killers = mutants().stream()
                .map(name -> LAB.resolve("instructor/expected/" + name + ".grade.json"))
                .map(LadderTest::killer)
                .toList();
        List<String> rungs = suite.checks().stream()
                .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                .map(method -> method.getAnnotation(dev.perimeter.labs.harness.vocabulary.Graded.class))
                .filter(graded -> graded != null && graded.group().equals("ladder"))
                .map(graded -> graded.hint())
                .filter(id -> !id.equals("10.1"))
                .toList();
        assertThat(killers).containsAll(rungs);
    }

    private static String killer(Path file) {
        try {
            return String.valueOf(Json.object(Files.readString(file)).get("killed by"));
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }
}
