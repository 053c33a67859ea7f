package dev.perimeter.proxy.http.h2.guard;

import dev.perimeter.proxy.snapshot.Http2Options.KeepAlive;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks an upstream from time to time whether it is still there (connection_keepalive): its silence may be a cut wire. */
public final class Keepalive {

    /** Of the interval, put on it by chance, so that connections opened together do not ask together (Envoy: 15 %). */
    private static final int JITTER = 7;

    public interface Line {

        void ping();

        /** No answer came in time. */
        void dead();
    }

    private final KeepAlive config;
    private final EventExecutor executor;
    private final Line line;
    private @Nullable Future<?> next;

    public Keepalive(KeepAlive config, EventExecutor executor, Line line) {
        this.config = config;
        this.executor = executor;
        this.line = line;
    }

    /** To be called at the beginning, and for each answer. */
    public void alive() {
        stop();
        long nanos = config.interval().toNanos();
        if (nanos > 0) {
            long jitter = ThreadLocalRandom.current().nextLong(nanos / JITTER + 1);
            next = executor.schedule(this::ask, nanos + jitter, TimeUnit.NANOSECONDS);
        }
    }

    private void ask() {
        next = executor.schedule(line::dead, config.timeout().toNanos(), TimeUnit.NANOSECONDS);
        line.ping();
    }

    public void stop() {
        if (next != null) {
            next.cancel(false);
            next = null;
        }
    }
}
