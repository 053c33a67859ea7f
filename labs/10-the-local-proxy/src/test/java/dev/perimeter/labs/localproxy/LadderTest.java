package dev.perimeter.labs.localproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perimeter.labs.harness.check.Report;
import dev.perimeter.labs.harness.grade.ChallengeRun;
import dev.perimeter.labs.harness.grade.ClassPaths;
import dev.perimeter.labs.harness.grade.Outcome;
import dev.perimeter.labs.harness.grade.Selection;
import dev.perimeter.labs.harness.grade.Suite;
import dev.perimeter.labs.harness.json.Json;
import dev.perimeter.labs.harness.lab.Challenge;
import dev.perimeter.labs.harness.lab.Hints;
import dev.perimeter.labs.harness.lab.LabManifest;
import dev.perimeter.labs.harness.lab.LabReader;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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
            case Outcome.Unusable(var sentence) -> assertThat(sentence).isEqualTo(expected.get("not checked"));
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

    /** Whoever writes what the hints of a rung say has that rung and those below it, and none above. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void solutionOfARung_expectedGrade_hasNoOpenRungBeyondIt(int rung) throws IOException {
        Map<String, ?> expected =
                Json.object(Files.readString(LAB.resolve("instructor/expected/rung-" + rung + ".grade.json")));
        List<String> open = Json.asList(expected.get("tests")).stream()
                .map(Object::toString)
                .limit(4)
                .filter(line -> line.contains(" PASS "))
                .toList();
        assertThat(open).hasSize(rung).last().asString().startsWith("10." + rung + " ");
    }

    /** What is refused by name is not there to be found, either. */
    @Test
    void processOfASubject_holdsTheContractAndNothingElseOfTheProduct() throws IOException {
        Challenge challenge = lab.challenge().orElseThrow();
        List<URL> urls = new ArrayList<>();
        for (Path entry : paths.besides(challenge, scratch.resolve("contract"))) {
            urls.add(entry.toUri().toURL());
        }
        try (URLClassLoader loader =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            assertThat(loader.getResource(resource(challenge.contract()))).isNotNull();
            assertThat(loader.getResource("io/netty/channel/Channel.class")).isNotNull();
            assertThat(loader.getResource(resource(challenge.production()))).isNull();
            assertThat(loader.getResource("dev/perimeter/proxy/tcp/RelaySide.class"))
                    .isNull();
            assertThat(loader.getResource("org/junit/jupiter/api/Test.class")).isNull();
        }
    }

    @Test
    void ids_ofTheLab_areFoundAsTyped_andUnknownOnesListed() {
        Selection all = Selection.of(lab, suite);

        assertThat(all.ladder()).containsExactly("10.1", "10.2", "10.3", "10.4", "10.5", "10.6");
        assertThat(all.find(lab, "10.4")).isEqualTo("10.4");
        assertThat(all.needsMesh(all.find(lab, "10.12"))).isTrue();
        assertThat(all.toggles(Set.of("10.12"))).containsExactly("sidecar");
        assertThat(all.toggles(Set.of("10.transport"))).containsExactly("transport");
        assertThatThrownBy(() -> all.find(lab, "10.99"))
                .hasMessage("There is no check 10.99; there are 10.1, 10.2, 10.3, 10.4, 10.5, 10.6, and 10.11, 10.12,"
                        + " 10.21, 10.22, 10.23, 10.sidecar, 10.24, 10.transport on a mesh.");
    }

    private static String resource(String className) {
        return className.replace('.', '/') + ".class";
    }

    /** A learner's folder with that file in it. */
    private Path work(String name) throws IOException {
        Path source = Stream.of(
                        "starter",
                        "instructor/solutions/" + name,
                        "instructor/mutants/" + name,
                        "instructor/bad/" + name)
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
    @Test
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
