package dev.perimeter.labs.harness.mesh.status;

import dev.perimeter.labs.harness.json.Json;
import dev.perimeter.labs.harness.mesh.status.ProcessStatus.State;
import dev.perimeter.labs.harness.run.Role;
import dev.perimeter.labs.harness.run.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Names what stands between a client and its order: which process, and which line of which log says why. */
public final class MissingLink {
    private MissingLink() {}

    /**
     * The process that keeps the mesh from being ready: a dead one first, then what others wait for. Of several dead, one
     * whose end the local node has seen, since that is known to have been first and by what it ended.
     */
    public static String among(MeshStatus status) {
        Comparator<ProcessStatus> worst = Comparator.comparing((ProcessStatus process) -> switch (process.state()) {
                    case DEAD -> 0;
                    case NOT_READY -> 1;
                    case WAITING -> 2;
                    case READY -> 3;
                })
                .thenComparing(process ->
                        process.process() == null || process.process().ended() == null)
                .thenComparing(ProcessStatus::role);
        return status.processes().stream()
                .filter(process -> process.state() != State.READY)
                .min(worst)
                .map(link -> badFiles(status) + sentence(link))
                .orElse(badFiles(status) + "All processes are ready, but it took too long; run scripts/lab up again.");
    }

    /** A file that is not accepted is the likeliest cause of all, and nothing else is worth a look before. */
    private static String badFiles(MeshStatus status) {
        return status.problems().isEmpty()
                ? ""
                : "Not every resource is accepted; mend this first:\n     " + String.join("\n     ", status.problems())
                        + "\n     ";
    }

    private static String sentence(ProcessStatus process) {
        RunningProcess started = process.process();
        String log = started == null
                ? "it was never started."
                : process.state() == State.DEAD ? LastLine.of(started.log()) : LastLine.warningIn(started.log());
        String reason =
                process.reason().isEmpty() ? "" : " (" + process.reason().replaceFirst("\\.$", "") + ")";
        return "The missing link is %s: it is %s%s; %s"
                .formatted(process.name(), process.state().word(), reason, log);
    }

    /** Where an order with that request id got stuck, from the access logs of the proxies it should have crossed. */
    public static String of(String answer, @Nullable String requestId, MeshStatus status) {
        if (!status.allReady()) {
            return among(status);
        }
        List<ProcessStatus> path = Stream.of(
                        status.process("gateway").stream(),
                        status.processes().stream().filter(process -> process.role() == Role.PROXY))
                .flatMap(stream -> stream)
                .toList();
        Optional<String> deepest = path.stream()
                .flatMap(process -> failure(process, requestId).stream())
                .reduce((first, second) -> second);
        return badFiles(status)
                + "All processes are ready, but an order does not cross: the gateway answered %s; %s"
                        .formatted(answer, deepest.orElseGet(() -> "no proxy logged it; see " + logs(status)));
    }

    /** The last line of the proxy's access log about this request. */
    private static Optional<String> failure(ProcessStatus proxy, @Nullable String requestId) {
        RunningProcess process = proxy.process();
        Path accessLog = process == null ? null : process.accessLog();
        if (accessLog == null || requestId == null || !Files.exists(accessLog)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(accessLog)) {
            return lines.filter(line -> line.contains(requestId))
                    .reduce((first, second) -> second)
                    .map(line -> describe(proxy.name(), accessLog, line));
        } catch (IOException | java.io.UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static String describe(String proxy, Path accessLog, String line) {
        try {
            Map<String, @Nullable Object> fields = Json.object(line);
            return "the last to see it was %s, which logged status %s, flags %s, upstream %s (%s)"
                    .formatted(
                            proxy, fields.get("status"), fields.get("flags"), fields.get("upstream_host"), accessLog);
        } catch (IllegalArgumentException e) {
            return "the last to see it was " + proxy + ", see " + accessLog;
        }
    }

    private static String logs(MeshStatus status) {
        return status.process("gateway")
                .map(ProcessStatus::process)
                .map(process -> String.valueOf(process.log()))
                .orElse("the gateway's log");
    }
}
