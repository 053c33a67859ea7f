package dev.perimeter.endtoend.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CodeRulesTest {

    private final Checkout checkout = Checkout.ofThisProject();
    private JavaClasses classes;

    @BeforeAll
    void importClasses() {
        List<Path> folders = modules()
                .map(folder -> checkout.root().resolve(folder).resolve("target/classes"))
                .filter(Files::isDirectory)
                .toList();
        classes = new ClassFileImporter().importPaths(folders);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void rule_theProject_holds(CodeRule rule) {
        rule.rule().allowEmptyShould(true).check(classes);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void rule_codeThatBreaksIt_isFound(CodeRule rule, @TempDir Path root) throws IOException {
        JavaClasses breaking = Fixture.compile(root, rule.folder(), rule.breaking());

        assertThat(rule.rule().evaluate(breaking).getFailureReport().getDetails())
                .anySatisfy(detail -> assertThat(detail).contains("Culprit"));
    }

    @Test
    void table_modulesOfTheBuild_areThoseOfTheTable() {
        assertThat(WhoMayUseWhom.TABLE)
                .extracting(WhoMayUseWhom.Module::folder)
                .containsExactlyInAnyOrderElementsOf(modules()
                        .filter(folder -> !folder.equals("reference-services/end-to-end"))
                        .toList());
    }

    @Test
    void modules_haveBeenCompiled_soThatTheRulesSeeThem() {
        assertThat(modules().filter(this::hasMainCode))
                .allSatisfy(folder -> assertThat(checkout.root().resolve(folder).resolve("target/classes"))
                        .as("compiled classes of " + folder + "; run this test from the whole build: mvn verify")
                        .isNotEmptyDirectory());
    }

    private boolean hasMainCode(String folder) {
        return checkout.mainJavaFiles().anyMatch(file -> file.startsWith(folder + "/src/main/java/"))
                && !folder.equals("reference-services/end-to-end");
    }

    private Stream<String> modules() {
        return Pattern.compile("<module>([^<]+)</module>")
                .matcher(checkout.text("pom.xml"))
                .results()
                .map((MatchResult match) -> match.group(1));
    }

    static Stream<CodeRule> rules() {
        return CodeRules.all();
    }
}
