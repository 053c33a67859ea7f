package dev.perimeter.proxy.exchange;

import dev.perimeter.proxy.overload.Overload;
import dev.perimeter.proxy.overload.StreamAccount;
import dev.perimeter.proxy.runtime.Worker;
import dev.perimeter.proxy.upstream.UpstreamRequest;
import dev.perimeter.proxy.upstream.time.LazyTimer;
import org.jspecify.annotations.Nullable;

/**
 * What a connection lends to one exchange after another: a timer, since a task that is scheduled already serves the next
 * exchange as well, and a place among the accounts of the loop. A connection has as many as it ever had exchanges at
 * once, which is one on HTTP/1.1.
 */
final class TimerSlot extends StreamAccount implements Runnable {

    final LazyTimer timer;
    private final Worker worker;

    @Nullable
    HttpExchange exchange;

    @Nullable
    TimerSlot next;

    TimerSlot(Worker worker) {
        this.worker = worker;
        timer = new LazyTimer(worker.loop(), worker.clock(), this);
        worker.accounts().add(this);
    }

    /** Its connection is gone, and so is the exchange that had it last. */
    void close() {
        timer.cancel();
        worker.accounts().remove(this);
    }

    @Override
    public void run() {
        if (exchange != null) {
            exchange.expired();
        }
    }

    @Override
    public long bufferedBytes() {
        HttpExchange user = exchange;
        if (user == null || user.isOver()) {
            return 0;
        }
        UpstreamRequest upstream = user.upstream();
        return user.stream.bufferedBytes()
                + (user.chain() == null ? 0 : user.chain().bufferedBytes())
                + (upstream == null ? 0 : upstream.bufferedBytes())
                + (user.tunnel == null ? 0 : user.tunnel.bufferedBytes());
    }

    @Override
    public void reset() {
        if (exchange != null) {
            exchange.fail(Overload.REFUSAL);
        }
    }
}
