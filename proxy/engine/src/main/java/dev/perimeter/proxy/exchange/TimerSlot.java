package dev.perimeter.proxy.exchange;

import dev.perimeter.proxy.runtime.Worker;
import dev.perimeter.proxy.upstream.time.LazyTimer;
import org.jspecify.annotations.Nullable;

/**
 * A timer of a connection, lent to one exchange after another: a task that is scheduled already serves the next exchange
 * as well. A connection has as many as it ever had exchanges at once, which is one on HTTP/1.1.
 */
final class TimerSlot implements Runnable {

    final LazyTimer timer;

    @Nullable
    HttpExchange exchange;

    @Nullable
    TimerSlot next;

    TimerSlot(Worker worker) {
        timer = new LazyTimer(worker.loop(), worker.clock(), this);
    }

    @Override
    public void run() {
        if (exchange != null) {
            exchange.expired();
        }
    }
}
