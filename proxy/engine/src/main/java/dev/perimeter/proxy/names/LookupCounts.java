package dev.perimeter.proxy.names;

import java.util.concurrent.atomic.AtomicLong;

/** What was asked of the name service, since the start (Envoy: the {@code dns.cares} statistics). Safe to read on any thread. */
public final class LookupCounts {

    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong nothing = new AtomicLong();

    LookupCounts() {}

    void asked() {
        asked.incrementAndGet();
    }

    void failed() {
        failed.incrementAndGet();
    }

    void nothing() {
        nothing.incrementAndGet();
    }

    public long total() {
        return asked.get();
    }

    /** Nobody answered, or with an error. */
    public long failures() {
        return failed.get();
    }

    /** The answer was that there is no such name, or no address of the kind. */
    public long notFound() {
        return nothing.get();
    }
}
