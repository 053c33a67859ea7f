import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Formats every Java file under a folder, or names those that are not formatted.
 *
 * <p>Usage: {@code java -cp FORMATTER Format.java --write|--check FOLDER VERDICT}. What is left to do is written to
 * the file VERDICT, which stays empty if that is nothing. It is started from source, on JDK 25, by the root pom (see
 * {@code scripts/format.sh}): the formatter reads code with the parser of the JDK it runs on, and Maven's own JVM may
 * be too old for ours.
 */
final class Format {

    /** What a learner writes may look as the learner likes; the check then only advises. */
    private static final Pattern LEARNERS = Pattern.compile("labs/[0-9][0-9]-[^/]+/src/main/.*");

    /** Submissions that are wrong on purpose need not be Java at all. */
    private static final Pattern WRONG_ON_PURPOSE = Pattern.compile("labs/[0-9][0-9]-[^/]+/instructor/.*");

    private static final Set<String> SKIPPED = Set.of("target", "node_modules");

    private final Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .build());
    private final Path root;
    private final boolean write;
    private final List<String> unformatted = Collections.synchronizedList(new ArrayList<>());
    private final List<String> advised = Collections.synchronizedList(new ArrayList<>());
    private final List<String> broken = Collections.synchronizedList(new ArrayList<>());

    private Format(Path root, boolean write) {
        this.root = root;
        this.write = write;
    }

    public static void main(String[] arguments) throws IOException {
        boolean write = arguments[0].equals("--write");
        Format format = new Format(Path.of(arguments[1]).toAbsolutePath().normalize(), write);
        List<Path> files = javaFiles(format.root);
        files.parallelStream().forEach(format::visit);
        Files.writeString(Path.of(arguments[2]), format.verdict(files.size()));
    }

    private static List<Path> javaFiles(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = folder.getFileName().toString();
                boolean hidden = name.startsWith(".") && !folder.equals(root);
                return hidden || SKIPPED.contains(name) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".java")) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    private void visit(Path file) {
        String name = root.relativize(file).toString().replace('\\', '/');
        try {
            String before = Files.readString(file);
            String after = formatter.formatSourceAndFixImports(before);
            if (after.equals(before)) {
                return;
            }
            if (write) {
                Files.writeString(file, after);
            }
            (LEARNERS.matcher(name).matches() ? advised : unformatted).add(name);
        } catch (FormatterException | RuntimeException notJava) {
            if (!WRONG_ON_PURPOSE.matcher(name).matches()) {
                broken.add(name + ": " + notJava.getMessage());
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(name, unreadable);
        }
    }

    private String verdict(int count) {
        StringBuilder verdict = new StringBuilder();
        broken.stream()
                .sorted()
                .forEach(file -> verdict.append("Not Java: ").append(file).append('\n'));
        if (write) {
            unformatted.addAll(advised);
            unformatted.stream().sorted().forEach(file -> System.out.println("formatted " + file));
            System.out.printf("%d files, %d changed%n", count, unformatted.size());
            return verdict.toString();
        }
        advised.stream().sorted().forEach(file -> System.out.println("[INFO] Not formatted, yours to decide: " + file));
        unformatted.stream()
                .sorted()
                .forEach(file -> verdict.append("Not formatted: ").append(file).append('\n'));
        if (!unformatted.isEmpty()) {
            verdict.append("Run scripts/format.sh and commit what it changes.");
        }
        return verdict.toString();
    }
}
