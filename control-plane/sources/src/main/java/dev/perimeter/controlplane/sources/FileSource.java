package dev.perimeter.controlplane.sources;

import dev.perimeter.controlplane.model.MeshConfig;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a folder of resource files and tells of every new state of the world.
 *
 * <p>The operating system's events say when to look; what counts is always the whole folder, read anew. So a lost
 * event, or an editor's way of saving, costs a delay of at most {@link #RESCAN_MILLIS} and never a wrong world.
 */
public final class FileSource implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileSource.class);

    /** A save is several events, and an apply several files: look once it has been quiet that long. */
    private static final long QUIET_MILLIS = 40;

    /** With events that never cease, look this often nevertheless. */
    private static final long LONGEST_WAIT_MILLIS = 400;

    /** How often to look without any event. */
    private static final long RESCAN_MILLIS = 2000;

    private static final WatchEvent.Kind<?>[] CHANGES = {
        StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE
    };

    private final Path folder;
    private final FolderReader reader;
    private final Consumer<MeshConfig> listener;
    private final WatchService watches;
    private final Thread thread;
    private MeshConfig world;

    // Written by the thread that follows, read by whoever asks.
    private volatile @Nullable String trouble;

    private FileSource(FolderReader reader, Consumer<MeshConfig> listener) throws IOException {
        this.folder = reader.folder();
        this.listener = listener;
        this.reader = reader;
        this.watches = folder.getFileSystem().newWatchService();
        watchFolders();
        this.world = reader.read();
        this.thread = Thread.ofPlatform().daemon().name("resources").unstarted(this::follow);
    }

    /**
     * Reads a folder, tells the listener of it on the calling thread, and follows it from then on.
     *
     * @param reader from now on used by this source only
     * @param listener called with each new world that differs from the last, always on one thread at a time; what
     *     takes long there delays the next world, nothing else
     * @throws IOException if the folder cannot be read
     */
    public static FileSource follow(FolderReader reader, Consumer<MeshConfig> listener) throws IOException {
        FileSource source = new FileSource(reader, listener);
        listener.accept(source.world);
        source.thread.start();
        return source;
    }

    /** Why the world told last may not be that of the folder, one sentence; null if there is no such reason. */
    public @Nullable String trouble() {
        return thread.isAlive() ? trouble : folder + " is no longer followed; start this program again.";
    }

    private void follow() {
        try {
            while (true) {
                awaitQuiet(watches.poll(RESCAN_MILLIS, TimeUnit.MILLISECONDS));
                look();
            }
        } catch (ClosedWatchServiceException | InterruptedException closed) {
            LOG.debug("No longer following {}", folder);
        }
    }

    private void look() {
        try {
            watchFolders();
            MeshConfig now = reader.read();
            if (!now.equals(world)) {
                listener.accept(now);
                world = now;
            }
            if (trouble != null) {
                LOG.info("{} is followed again.", folder);
            }
            trouble = null;
        } catch (ClosedWatchServiceException closed) {
            throw closed;
        } catch (IOException unreadable) {
            keepOn(folder + " cannot be read (" + unreadable + "), so what was last read stays in force.", null);
        } catch (Throwable unexpected) {
            // Even an Error: a world that cannot be read must not be the last one that is looked at.
            keepOn(
                    "A fault of this program (" + unexpected + ") keeps " + folder + " from being followed.",
                    unexpected);
        }
    }

    /** Looks again with the next change, or soon; each trouble is logged once. */
    private void keepOn(String sentence, @Nullable Throwable fault) {
        if (!sentence.equals(trouble)) {
            LOG.error(sentence, fault);
        }
        trouble = sentence;
    }

    private void awaitQuiet(@Nullable WatchKey first) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_WAIT_MILLIS);
        WatchKey key = first;
        while (key != null) {
            key.pollEvents();
            key.reset();
            key = System.nanoTime() < end ? watches.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS) : null;
        }
    }

    /** Watching a folder twice gives the same watch, so this may be repeated to find new folders. */
    private void watchFolders() throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) throws IOException {
                visited.register(watches, CHANGES);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) throws IOException {
                if (file.equals(folder)) {
                    throw gone;
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Stops following; the listener is not called once this has returned. */
    @Override
    public void close() {
        try {
            watches.close();
            thread.join();
        } catch (IOException | InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
