package dev.perimeter.labs.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.labs.harness.site.Checkout;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/**
 * Every command of {@code scripts/} that a text shows can be typed: the script is there, knows the options, and {@code
 * lab} understands the words. Nothing is run; that is for the labs' own tests and the end-to-end tests.
 */
class ShownCommandsTest {
    private static final Path ROOT = Checkout.find().root();

    /** Not ours to read: what was built, what was fetched, what a mesh has left. */
    private static final Set<String> PASSED_OVER = Set.of("target", ".git", ".lab", "node_modules");

    /** To be typed as it stands; what follows {@code #} are AsciiDoc's callouts. */
    private static final Pattern PROMPT = Pattern.compile("(?m)^\\$ (scripts/[^#\\n]*)");

    /** Named in a sentence, where what belongs to it may be left out. */
    private static final Pattern IN_PASSING = Pattern.compile("`\\+?(scripts/[\\w.-]+(?: [^`+\\n]*)?)\\+?`");

    @Test
    void everyCommandOfEveryText_canBeTyped() throws IOException {
        List<Path> texts = texts();

        assertThat(texts).contains(ROOT.resolve("README.adoc"), ROOT.resolve("labs/10-the-local-proxy/lab.adoc"));
        assertThat(texts.stream().flatMap(ShownCommandsTest::mistakes)).isEmpty();
    }

    @Test
    void readme_showsTheTwoCommands() throws IOException {
        assertThat(found(PROMPT, Files.readString(ROOT.resolve("README.adoc"))))
                .contains("scripts/lab up", "scripts/test.sh");
    }

    @Test
    void mistakes_areFound() {
        assertThat(mistake("scripts/lab up --prot 8081", true)).isPresent();
        assertThat(mistake("scripts/lab dance", false)).isPresent();
        assertThat(mistake("scripts/lab order --count many", true)).isPresent();
        assertThat(mistake("scripts/lab delete", true)).isPresent();
        assertThat(mistake("scripts/nothing.sh", true)).isPresent();
        assertThat(mistake("scripts/bench.sh --faster", true)).isPresent();
        assertThat(mistake("scripts/lab delete", false)).isEmpty();
        assertThat(mistake("scripts/lab order --count 200 --in-flight 10", true))
                .isEmpty();
        assertThat(found(PROMPT, "$ scripts/lab up        # <1>\n$ curl x\n")).containsExactly("scripts/lab up");
    }

    private static Stream<String> mistakes(Path text) {
        try {
            String read = Files.readString(text);
            return Stream.concat(
                            found(PROMPT, read).stream().map(command -> mistake(command, true)),
                            found(IN_PASSING, read).stream().map(command -> mistake(command, false)))
                    .flatMap(Optional::stream)
                    .map(mistake -> ROOT.relativize(text) + ": " + mistake);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1).strip())
                .toList();
    }

    /** @param whole whether nothing that the command requires may be missing */
    private static Optional<String> mistake(String command, boolean whole) {
        List<String> words = List.of(command.split("\\s+"));
        Path script = ROOT.resolve(words.getFirst());
        if (!Files.isExecutable(script)) {
            return Optional.of(command + ": there is no such script");
        }
        List<String> rest = words.subList(1, words.size());
        try {
            if (words.getFirst().equals("scripts/lab")) {
                Lab.commandLine().parseArgs(rest.toArray(String[]::new));
                return Optional.empty();
            }
            String source = Files.readString(script);
            return rest.stream()
                    .filter(word -> word.startsWith("-") && !source.contains(word))
                    .map(word -> command + ": the script knows no " + word)
                    .findFirst();
        } catch (MissingParameterException missing) {
            return whole ? Optional.of(command + ": " + missing.getMessage()) : Optional.empty();
        } catch (ParameterException wrong) {
            return Optional.of(command + ": " + wrong.getMessage());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Path> texts() throws IOException {
        List<Path> texts = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return PASSED_OVER.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".adoc")) {
                    texts.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return texts;
    }
}
