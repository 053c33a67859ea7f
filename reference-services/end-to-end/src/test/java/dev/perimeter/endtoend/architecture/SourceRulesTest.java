package dev.perimeter.endtoend.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SourceRulesTest {

    private static final Checkout PROJECT = Checkout.ofThisProject();

    @ParameterizedTest
    @MethodSource("rules")
    void rule_theProject_holds(SourceRule rule) {
        assertThat(rule.violations().apply(PROJECT)).as(rule.name()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void rule_filesThatBreakIt_areFound(SourceRule rule, @TempDir Path root) throws IOException {
        for (Map.Entry<String, String> file : rule.breaking().entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }

        assertThat(rule.violations().apply(Checkout.ofFolder(root))).isNotEmpty();
    }

    static Stream<SourceRule> rules() {
        return SourceRules.all();
    }
}
