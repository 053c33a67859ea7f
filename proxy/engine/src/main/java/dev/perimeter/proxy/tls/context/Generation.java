package dev.perimeter.proxy.tls.context;

import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A context with the number of those who are about to use it. The library's own count protects engines that exist; this
 * one protects the moment between finding the context and making an engine of it, when the control thread may let go.
 */
final class Generation {

    private final SslContext context;
    private final AtomicInteger users = new AtomicInteger(1);

    Generation(SslContext context) {
        this.context = context;
    }

    /** False when it is gone already: ask again for the one in force. */
    boolean acquire() {
        while (true) {
            int now = users.get();
            if (now == 0) {
                return false;
            }
            if (users.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            ReferenceCountUtil.release(context);
        }
    }

    SslContext context() {
        return context;
    }
}
