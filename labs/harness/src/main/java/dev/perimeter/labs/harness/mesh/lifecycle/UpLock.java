package dev.perimeter.labs.harness.mesh.lifecycle;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.site.LabHome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * Lets one {@code up} after the other work on a mesh: the second finds what the first has reached. The system gives the
 * lock back when its holder ends, however that happens.
 */
public final class UpLock implements AutoCloseable {
    /** Longer than an {@code up} takes that records its caches first. */
    private static final Duration BOUND = Duration.ofMinutes(5);

    private final Path file;
    private final FileChannel channel;

    private UpLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the lock, after whoever holds it now.
     *
     * @throws Refused if that takes too long
     */
    public static UpLock take(LabHome home, Progress progress) {
        Path file = home.folder().resolve("up.lock");
        try {
            UpLock lock = new UpLock(file, FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            if (!lock.isMine()) {
                lock.await(progress);
            }
            lock.sign();
            return lock;
        } catch (IOException e) {
            throw new Refused("%s cannot be written; check who may write there.".formatted(file), e);
        }
    }

    private void await(Progress progress) throws IOException {
        String holder = Files.readString(file).strip();
        progress.line("Another up is at work here (pid %s); waiting for it to end.".formatted(holder));
        boolean mine = Waiting.until(BOUND, () -> isMine() ? Optional.of(true) : Optional.empty())
                .isPresent();
        if (!mine) {
            close();
            throw new Refused("Another up (pid %s) is still at work here; end it with Ctrl-C, then run scripts/lab up."
                    .formatted(holder));
        }
    }

    private boolean isMine() {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        } catch (IOException e) {
            throw new Refused("%s cannot be locked: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** Tells the next one whom it waits for. */
    private void sign() throws IOException {
        String pid = ProcessHandle.current().pid() + "\n";
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)), 0);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new Refused("%s cannot be closed: %s".formatted(file, e.getMessage()), e);
        }
    }
}
