package dev.perimeter.labs.localproxy;

import dev.perimeter.labs.harness.check.Story;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;

/**
 * Half of 256 MB through the relay to a reader that at first reads nothing. What counts is how many bytes the writer gets
 * rid of meanwhile: they are all in buffers, those of the kernel (bounded, under 2 MB here) or those of the relay.
 */
final class Flood {

    /** More than all kernel buffers of the way, with room for a generous relay; far less than a heap. */
    static final long MOST_BUFFERED = 8L * 1024 * 1024;

    static final long TOTAL = 128L * 1024 * 1024;

    private static final int QUIET_MILLIS = 400;

    private final Pair pair;
    private final Story story;
    private final byte[] chunk;
    private final AtomicLong sent = new AtomicLong();
    private final Semaphore progress = new Semaphore(0);

    private Flood(Pair pair, Story story, byte[] chunk) {
        this.pair = pair;
        this.story = story;
        this.chunk = chunk;
    }

    static Flood through(Pair pair, Story story, Random random) {
        return new Flood(pair, story, Pair.random(random, 64 * 1024));
    }

    /** Where the bytes come from. */
    Source from(Socket writer, String name) {
        return (reader, readerName) -> run(writer, name, reader, readerName);
    }

    /** Lets them flow. */
    interface Source {
        void to(Socket reader, String name) throws IOException, InterruptedException;
    }

    private void run(Socket writer, String from, Socket reader, String to) throws IOException, InterruptedException {
        CRC32 wanted = new CRC32();
        Thread writing = Thread.ofPlatform().daemon().start(() -> write(writer, wanted));
        story.did("Sent", "128 MB from " + from + ", while " + to + " reads nothing");
        story.expect("the relay takes at most 8 MB and then lets " + from + " wait");
        // Either the bound is crossed, or the writer stands: no byte moved for as long as a quiet spell lasts.
        while (progress.tryAcquire(QUIET_MILLIS, TimeUnit.MILLISECONDS)) {
            progress.drainPermits();
            if (sent.get() > MOST_BUFFERED) {
                break;
            }
        }
        long buffered = sent.get();
        if (buffered > MOST_BUFFERED || !pair.worker().runs()) {
            String seen = buffered / (1024 * 1024) + " MB taken, and still taking";
            throw pair.gone(seen, "still taking", "read from one side, kept in memory for the other");
        }
        story.did("Read", "everything at " + to).expect("128 MB, none lost");
        CRC32 seen = new CRC32();
        long received = read(reader, seen);
        if (received == TOTAL) {
            writing.join();
        }
        if (received != TOTAL || seen.getValue() != wanted.getValue()) {
            throw pair.gone(
                    received + " bytes", received + " bytes", received == TOTAL ? "with other content" : "not all");
        }
    }

    private void write(Socket writer, CRC32 sum) {
        try {
            OutputStream out = writer.getOutputStream();
            for (long done = 0; done < TOTAL; done += chunk.length) {
                chunk[(int) (done >> 16) & 0xffff]++;
                out.write(chunk);
                sum.update(chunk);
                sent.addAndGet(chunk.length);
                progress.release();
            }
        } catch (IOException broken) {
            // The reader's side tells the story.
            sum.reset();
        }
    }

    private long read(Socket reader, CRC32 sum) throws IOException {
        byte[] buffer = new byte[256 * 1024];
        InputStream in = reader.getInputStream();
        long received = 0;
        try {
            while (received < TOTAL) {
                int read = in.read(buffer);
                if (read < 0) {
                    return received;
                }
                sum.update(buffer, 0, read);
                received += read;
            }
        } catch (SocketTimeoutException stalled) {
            throw pair.timedOut(
                    received + " bytes, then nothing more, although " + (TOTAL - received) + " are on their way");
        } catch (IOException broken) {
            throw pair.gone(received + " bytes, then " + broken.getMessage());
        }
        return received;
    }
}
