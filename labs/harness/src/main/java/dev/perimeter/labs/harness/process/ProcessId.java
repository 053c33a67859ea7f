package dev.perimeter.labs.harness.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One process for all time: its number, and when it started. The system hands a number out again, so whoever signals
 * by number alone may end a stranger.
 *
 * @param start on Linux the boot's id and the start in clock ticks since boot (proc(5), {@code stat} field 22), which
 *     no clock adjustment moves; elsewhere the start instant in milliseconds
 */
public record ProcessId(long pid, String start) {
    private static final Path PROC = Path.of("/proc");

    /** The process that holds this number now, unless there is none or it only waits to be reaped. */
    public static Optional<ProcessId> of(long pid) {
        if (Files.exists(PROC.resolve("self/stat"))) {
            return fromProc(pid);
        }
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .flatMap(handle -> handle.info().startInstant())
                .map(instant -> new ProcessId(pid, Long.toString(instant.toEpochMilli())));
    }

    /** The process that runs this code. */
    public static ProcessId own() {
        return of(ProcessHandle.current().pid()).orElseThrow();
    }

    /** Whether this very process still runs; false for a stranger with the same number and for a zombie. */
    public boolean alive() {
        return of(pid).filter(this::equals).isPresent();
    }

    /** Asks the process to end (SIGTERM). Does nothing if it is gone. */
    public void terminate() {
        if (alive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        }
    }

    /** Ends the process (SIGKILL). Does nothing if it is gone. */
    public void kill() {
        if (alive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static Optional<ProcessId> fromProc(long pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"));
            // The name in field 2 may hold blanks and brackets; fields count from the last closing one.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            boolean gone = "ZXx".contains(fields[0]);
            return gone ? Optional.empty() : Optional.of(new ProcessId(pid, Boot.ID + "/" + fields[19]));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Numbers and ticks start afresh with each boot. */
    private static final class Boot {
        static final String ID = read();

        private static String read() {
            try {
                return Files.readString(PROC.resolve("sys/kernel/random/boot_id"))
                        .substring(0, 8);
            } catch (IOException e) {
                return "boot";
            }
        }
    }
}
