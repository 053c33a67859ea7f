package dev.perimeter.labs.harness.cli.mesh;

import dev.perimeter.labs.harness.Refused;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Prints a file, then what is added to it. Looks again instead of watching: a watch silently misses appends. */
final class LogTail {
    private static final long PAUSE_NANOS = 100_000_000;
    private static final int CHUNK = 64 * 1024;

    private final Path file;
    private final PrintWriter out;
    private long printed;

    LogTail(Path file, PrintWriter out) {
        this.file = file;
        this.out = out;
    }

    /** What is there now. */
    void printAll() {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            if (log.length() < printed) {
                // It was emptied: begin again.
                printed = 0;
            }
            log.seek(printed);
            byte[] chunk = new byte[CHUNK];
            for (int read = log.read(chunk); read > 0; read = log.read(chunk)) {
                out.write(new String(chunk, 0, read, StandardCharsets.UTF_8));
                printed += read;
            }
            out.flush();
        } catch (IOException e) {
            throw new Refused("%s cannot be read; check who may read it.".formatted(file), e);
        }
    }

    /** Goes on with all of them until the thread is interrupted or the process ends. */
    static void follow(List<LogTail> tails) {
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(PAUSE_NANOS);
            tails.forEach(LogTail::printAll);
        }
    }
}
