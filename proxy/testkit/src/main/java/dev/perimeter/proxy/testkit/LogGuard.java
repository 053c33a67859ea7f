package dev.perimeter.proxy.testkit;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class during which something logged a warning or an error that {@link ExpectedWarnings} does not name:
 * what is worth waking somebody up for in production must not happen unnoticed in a test. Reads what slf4j-simple, the
 * JDK's logging and the JVM write to standard error.
 *
 * <p>Stands over every test class of a module that has the testkit among its libraries: JUnit finds it by ServiceLoader.
 */
public final class LogGuard implements BeforeAllCallback, AfterAllCallback {

    private static final Pattern ALARM =
            Pattern.compile("^(\\S+ )?(\\[[^]]*] )?(WARN|ERROR) .*|^(WARNING|SEVERE): .*|.*\\bLEAK: .*");

    /** One for the JVM: loggers may keep the stream they first saw. */
    private static final Tee TEE = new Tee(System.err);

    /** Passes everything on and keeps a copy until it is asked for. */
    private static final class Tee extends PrintStream {

        private final ByteArrayOutputStream copy = new ByteArrayOutputStream();

        Tee(PrintStream original) {
            super(original, true, StandardCharsets.UTF_8);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            super.write(bytes, offset, length);
            synchronized (copy) {
                copy.write(bytes, offset, length);
            }
        }

        @Override
        public void write(int b) {
            super.write(b);
            synchronized (copy) {
                copy.write(b);
            }
        }

        String take() {
            synchronized (copy) {
                String text = copy.toString(StandardCharsets.UTF_8);
                copy.reset();
                return text;
            }
        }
    }

    /** What was logged between two classes counts for the second: nothing falls through. */
    @Override
    public void beforeAll(ExtensionContext context) {
        if (System.err != TEE) {
            System.setErr(TEE);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        List<String> alarms = alarms(TEE.take(), expected(context.getRequiredTestClass()));
        if (!alarms.isEmpty()) {
            throw new AssertionError(alarms.size() + " unexpected warnings, the first: " + alarms.getFirst());
        }
    }

    /** The lines of a log that are warnings or worse, but for those that match one of the patterns. */
    static List<String> alarms(String log, List<Pattern> expected) {
        return log.lines()
                .filter(line -> ALARM.matcher(line).matches())
                .filter(line -> expected.stream()
                        .noneMatch(pattern -> pattern.matcher(line).find()))
                .toList();
    }

    /** Those named on the class, on the classes it extends and on those around it. */
    private static List<Pattern> expected(Class<?> type) {
        List<Pattern> patterns = new ArrayList<>();
        for (Class<?> each = type; each != null; each = each.getEnclosingClass()) {
            ExpectedWarnings expected = each.getAnnotation(ExpectedWarnings.class);
            if (expected != null) {
                Stream.of(expected.value()).map(Pattern::compile).forEach(patterns::add);
            }
        }
        return patterns;
    }
}
