package dev.perimeter.labs.harness.node;

import dev.perimeter.labs.harness.process.ProcessId;
import dev.perimeter.labs.harness.site.LabHome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The command line of the local node.
 *
 * @param site the site number to take
 * @param lease the {@code up} at work; if it ends before an order has crossed, the node ends all it started
 * @param record folder to record ahead-of-time caches into, or null
 * @param tied whether the lease holds on when an order has crossed
 */
public record NodeOptions(
        LabHome home,
        int site,
        int port,
        String database,
        ProcessId lease,
        @Nullable Path record,
        boolean tied) {
    private static final Duration STOP = Duration.ofSeconds(10);
    /** A JVM that records writes its cache after SIGTERM; several at once on two cores take their time. */
    private static final Duration STOP_RECORDING = Duration.ofMinutes(3);

    /** How long a process may take to end before it is killed. */
    Duration stopBound() {
        return record == null ? STOP : STOP_RECORDING;
    }

    StopOrder stopOrder() {
        return record == null ? StopOrder.DEPENDENTS_FIRST : StopOrder.ALL_AT_ONCE;
    }

    /** The words after the main class. */
    public List<String> arguments() {
        List<String> words = new ArrayList<>(List.of(
                "--home", home.folder().toString(),
                "--site", Integer.toString(site),
                "--port", Integer.toString(port),
                "--database", database,
                "--lease", lease.pid() + "@" + lease.start(),
                "--tied", Boolean.toString(tied)));
        if (record != null) {
            words.addAll(List.of("--record", record.toString()));
        }
        return words;
    }

    static NodeOptions parse(String[] words) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i + 1 < words.length; i += 2) {
            values.put(words[i], words[i + 1]);
        }
        String record = values.get("--record");
        return new NodeOptions(
                new LabHome(Path.of(value(values, "--home"))),
                Integer.parseInt(value(values, "--site")),
                Integer.parseInt(value(values, "--port")),
                value(values, "--database"),
                lease(value(values, "--lease")),
                record == null ? null : Path.of(record),
                Boolean.parseBoolean(value(values, "--tied")));
    }

    static ProcessId lease(String text) {
        int at = text.indexOf('@');
        return new ProcessId(Long.parseLong(text.substring(0, at)), text.substring(at + 1));
    }

    private static String value(Map<String, String> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }
}
