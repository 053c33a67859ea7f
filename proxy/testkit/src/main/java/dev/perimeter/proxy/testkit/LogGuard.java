package dev.perimeter.proxy.testkit;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class during which something logged a warning or an error: what is worth waking somebody up for in
 * production must not happen unnoticed in a test. Reads what slf4j-simple writes to standard error.
 */
public final class LogGuard implements BeforeAllCallback, AfterAllCallback {

    private static final Pattern ALARM = Pattern.compile("^\\[[^]]*] (WARN|ERROR) .*");
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LogGuard.class);

    /** Passes everything on and keeps a copy. */
    private static final class Tee extends PrintStream {

        private final ByteArrayOutputStream copy = new ByteArrayOutputStream();
        private final PrintStream original;

        Tee(PrintStream original) {
            super(original, true, StandardCharsets.UTF_8);
            this.original = original;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            super.write(bytes, offset, length);
            copy.write(bytes, offset, length);
        }

        @Override
        public void write(int b) {
            super.write(b);
            copy.write(b);
        }

        List<String> alarms() {
            return copy.toString(StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> ALARM.matcher(line).matches())
                    .toList();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Tee tee = new Tee(System.err);
        context.getStore(NAMESPACE).put("tee", tee);
        System.setErr(tee);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Tee tee = Objects.requireNonNull(context.getStore(NAMESPACE).get("tee", Tee.class));
        System.setErr(tee.original);
        List<String> alarms = tee.alarms();
        if (!alarms.isEmpty()) {
            throw new AssertionError(alarms.size() + " unexpected warnings, the first: " + alarms.getFirst());
        }
    }
}
