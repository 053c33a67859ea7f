package dev.perimeter.labs.harness.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.labs.harness.text.LabText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the labs say they teach, against what there is to teach. No statement is passed over in silence. */
class CurriculumTest {

    private static final Path LABS = Path.of("..").toAbsolutePath().normalize();

    private final List<Statement> statements = Statement.read(LABS.resolve("statements.yaml"));
    private final List<LabManifest> labs = LabReader.all(LABS);
    private final Map<String, LabManifest> byId =
            labs.stream().collect(Collectors.toMap(LabManifest::id, Function.identity()));

    @Test
    void statements_fromOneToFiftyFour_areAllThere() {
        List<String> numbers = statements.stream()
                .map(each -> each.id().replaceAll("[a-z]", ""))
                .distinct()
                .toList();

        assertThat(numbers).hasSize(54).startsWith("S1").endsWith("S54");
        assertThat(statements).extracting(Statement::id).doesNotHaveDuplicates();
    }

    @Test
    void statement_plannedForALabThatExists_isTaughtByIt() {
        List<String> missing = new ArrayList<>();
        List<String> later = new ArrayList<>();
        for (Statement statement : statements) {
            for (String lab : statement.labs()) {
                if (!byId.containsKey(lab)) {
                    later.add(statement.id() + " will be taught by lab " + lab + ", which does not exist yet");
                } else if (!byId.get(lab).teaches().contains(statement.id())) {
                    missing.add(statement.id() + " is planned for lab " + lab + ", whose lab.yaml does not teach it");
                }
            }
        }
        later.forEach(line -> System.out.println("[curriculum] " + line));
        assertThat(missing).isEmpty();
    }

    @Test
    void lab_teaching_teachesOnlyWhatThereIs() {
        List<String> known = statements.stream().map(Statement::id).toList();

        assertThat(labs).allSatisfy(lab -> assertThat(known).containsAll(lab.teaches()));
    }

    @Test
    void statementThatIsShown_ofALabThatExists_hasACheckThatShowsIt() throws java.io.IOException {
        for (LabManifest lab : labs) {
            String suite = sources(lab);
            for (Statement statement : statements) {
                if (statement.shown() && lab.teaches().contains(statement.id())) {
                    assertThat(Pattern.compile("shows = [^)]*\"" + statement.id() + "\"")
                                    .matcher(suite)
                                    .find())
                            .as("a check of lab %s that shows %s", lab.id(), statement.id())
                            .isTrue();
                }
            }
        }
    }

    @Test
    void labs_haveSixHeadingsAndReadableQuestions() {
        for (LabManifest lab : labs) {
            assertThat(LabText.read(lab.folder().resolve("lab.adoc")).headings())
                    .as("headings of lab %s", lab.id())
                    .isEqualTo(LabText.HEADINGS);
            assertThat(Question.read(lab.folder().resolve("predict.yaml"))).isNotEmpty();
            List<Question> explain = Question.read(lab.folder().resolve("explain.yaml"));
            assertThat(explain).anyMatch(each -> each.right().isPresent());
            assertThat(explain)
                    .anyMatch(each -> each.right().isEmpty() && each.looksFor().isPresent());
        }
    }

    @Test
    void checksOfAChallenge_haveThreeHintsEach() throws java.io.IOException {
        for (LabManifest lab : labs) {
            if (lab.challenge().isPresent()) {
                List<String> ladder = Pattern.compile("group = \"ladder\",\\s+hint = \"([0-9.]+)\"")
                        .matcher(sources(lab))
                        .results()
                        .map(found -> found.group(1))
                        .toList();
                assertThat(ladder).isNotEmpty();
                assertThat(Hints.read(lab).rungs().keySet()).containsExactlyInAnyOrderElementsOf(ladder);
            }
        }
    }

    private static String sources(LabManifest lab) throws java.io.IOException {
        StringBuilder all = new StringBuilder();
        for (Path folder : List.of(lab.suite(), lab.instructor())) {
            if (Files.isDirectory(folder)) {
                try (var files = Files.walk(folder)) {
                    for (Path file : files.filter(each -> each.toString().endsWith("Checks.java"))
                            .toList()) {
                        all.append(Files.readString(file));
                    }
                }
            }
        }
        return all.toString();
    }
}
