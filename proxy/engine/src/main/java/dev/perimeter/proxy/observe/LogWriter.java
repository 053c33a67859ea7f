package dev.perimeter.proxy.observe;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes access log lines, so that a full pipe stops nobody but itself. The queue is bounded: when
 * it is full a batch is dropped, and its lines are counted.
 */
public final class LogWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
    private static final int BATCHES = 64;

    /** @param done counted down when everything before it has been written */
    private record Batch(byte[] bytes, CountDownLatch done) {}

    private final BlockingQueue<Batch> queue = new ArrayBlockingQueue<>(BATCHES);
    private final AtomicLong dropped = new AtomicLong();
    private final OutputStream out;
    private final Thread thread;
    private volatile boolean closed;

    public LogWriter(OutputStream out) {
        this.out = out;
        this.thread = Thread.ofPlatform().name("access-log").daemon().start(this::run);
    }

    /** Called on event loops; never blocks. */
    void write(byte[] lines) {
        if (!queue.offer(new Batch(lines, new CountDownLatch(1)))) {
            dropped.addAndGet(count(lines));
        }
    }

    /** Lines lost because the reader of standard output was too slow, or gone. */
    public long droppedLines() {
        return dropped.get();
    }

    /** Writes what is queued, waiting at most two seconds for a slow reader, and ends the thread. */
    @Override
    public void close() {
        Batch last = new Batch(new byte[0], new CountDownLatch(1));
        try {
            if (queue.offer(last, 2, TimeUnit.SECONDS) && !last.done().await(2, TimeUnit.SECONDS)) {
                LOG.warn("access log: standard output is not being read, {} batches are lost", queue.size());
            }
            closed = true;
            thread.interrupt();
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closed) {
                Batch batch = queue.take();
                write(batch);
                batch.done().countDown();
            }
        } catch (InterruptedException e) {
            // close() interrupts: the last batch has been written then, or nobody reads.
        }
    }

    private void write(Batch batch) {
        try {
            out.write(batch.bytes());
            out.flush();
        } catch (IOException e) {
            if (dropped.getAndAdd(count(batch.bytes())) == 0) {
                LOG.warn("access log: cannot write to standard output: {}", e.getMessage());
            }
        }
    }

    private static int count(byte[] lines) {
        int count = 0;
        for (byte b : lines) {
            count += b == '\n' ? 1 : 0;
        }
        return count;
    }
}
