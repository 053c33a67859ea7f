package dev.perimeter.labs.harness.evidence;

import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.run.RunningProcess;
import dev.perimeter.labs.harness.site.LabHome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The access logs of a mesh as they grow. Logs of proxies that are started later are followed too. */
public final class AccessLogTail {

    private final LabHome home;
    private final Map<Path, Long> read = new HashMap<>();

    private AccessLogTail(LabHome home) {
        this.home = home;
    }

    /** Follows from the present end of each log. */
    public static AccessLogTail fromNow(LabHome home) {
        AccessLogTail tail = new AccessLogTail(home);
        for (RunningProcess process : tail.proxies()) {
            Optional.ofNullable(process.accessLog()).ifPresent(log -> tail.read.put(log, size(log)));
        }
        return tail;
    }

    /** The whole lines that were written since the last call, outermost hop first. */
    public List<AccessLogLine> fresh() {
        List<AccessLogLine> lines = new ArrayList<>();
        for (RunningProcess process : proxies()) {
            Path log = process.accessLog();
            if (log != null && Files.isRegularFile(log)) {
                freshOf(log)
                        .lines()
                        .map(line -> AccessLogLine.parse(process.name(), line))
                        .flatMap(Optional::stream)
                        .forEach(lines::add);
            }
        }
        lines.sort(AccessLogLine.OUTERMOST_FIRST);
        return lines;
    }

    private List<RunningProcess> proxies() {
        return RunState.read(home.runFile()).map(RunState::processes).orElse(List.of());
    }

    private String freshOf(Path log) {
        long from = read.getOrDefault(log, 0L);
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long start = from > file.length() ? 0 : from;
            byte[] bytes = new byte[(int) Math.min(file.length() - start, 1 << 20)];
            file.seek(start);
            file.readFully(bytes);
            int whole = bytes.length;
            while (whole > 0 && bytes[whole - 1] != '\n') {
                whole--;
            }
            read.put(log, start + whole);
            return new String(bytes, 0, whole, StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return "";
        }
    }

    private static long size(Path log) {
        try {
            return Files.isRegularFile(log) ? Files.size(log) : 0;
        } catch (IOException gone) {
            return 0;
        }
    }
}
