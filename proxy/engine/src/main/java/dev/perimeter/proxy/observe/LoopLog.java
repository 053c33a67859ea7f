package dev.perimeter.proxy.observe;

import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The access log lines of one event loop on their way to the writer: handed over when there are {@value #BATCH} bytes,
 * and after {@value #DELAY_MILLIS} ms at the latest. To be called on that loop only.
 */
public final class LoopLog {

    private static final int BATCH = 64 * 1024;
    private static final int DELAY_MILLIS = 50;

    private final EventExecutor loop;
    private final LogWriter writer;
    private final LineBuffer lines = new LineBuffer(BATCH + BATCH / 4);
    private boolean scheduled;

    public LoopLog(EventExecutor loop, LogWriter writer) {
        this.loop = loop;
        this.writer = writer;
    }

    public void write(List<AccessLog> logs, Journal journal) {
        for (int i = 0; i < logs.size(); i++) {
            logs.get(i).write(journal, lines);
        }
        if (lines.size() >= BATCH) {
            writer.write(lines.take());
        } else if (!scheduled && lines.size() > 0) {
            scheduled = true;
            loop.schedule(this::flushLate, DELAY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Hands over what there is, for the end of the process. */
    public void flush() {
        if (lines.size() > 0) {
            writer.write(lines.take());
        }
    }

    private void flushLate() {
        scheduled = false;
        flush();
    }
}
