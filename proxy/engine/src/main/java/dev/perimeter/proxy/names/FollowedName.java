package dev.perimeter.proxy.names;

import dev.perimeter.proxy.names.NamedEndpoints.Refresh;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One name that is looked up again and again. What it had stays when nobody answers. On one thread alone. */
final class FollowedName {

    private static final Logger LOG = LoggerFactory.getLogger(FollowedName.class);

    private final String name;
    private final NamedEndpoints of;
    private final Lookup lookup;
    private final ScheduledExecutorService thread;
    private final RandomGenerator random;
    private final LookupCounts counts;
    private final Runnable changed;
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private List<InetAddress> addresses = List.of();
    private @Nullable ScheduledFuture<?> next;
    private int failures;
    private boolean stopped;

    /** @param changed told when there are other addresses than before */
    FollowedName(
            String name,
            NamedEndpoints of,
            Lookup lookup,
            ScheduledExecutorService thread,
            RandomGenerator random,
            LookupCounts counts,
            Runnable changed) {
        this.name = name;
        this.of = of;
        this.lookup = lookup;
        this.thread = thread;
        this.random = random;
        this.counts = counts;
        this.changed = changed;
    }

    void look() {
        List<InetSocketAddress> servers = of.servers();
        counts.asked();
        lookup.find(name, of.family(), servers).whenComplete((found, failure) -> {
            if (!stopped) {
                come(found, failure);
            }
        });
    }

    private void come(Lookup.@Nullable Found found, @Nullable Throwable failure) {
        boolean nothing = found == null || (found.addresses().isEmpty() && !of.every());
        failures = nothing ? failures + 1 : 0;
        if (found == null) {
            counts.failed();
            if (failures == 1) {
                LOG.info("`{}` could not be looked up, what is known of it stays: {}", name, String.valueOf(failure));
            }
        } else if (found.addresses().isEmpty()) {
            counts.nothing();
        }
        Duration wait = of.refresh().next(failures, found == null ? Duration.ZERO : found.ttl());
        next = thread.schedule(this::look, (wait.plus(jitter(of.refresh()))).toMillis(), TimeUnit.MILLISECONDS);
        List<InetAddress> now = nothing || found == null ? addresses : of.every() ? sorted(found) : one(found);
        boolean other = !now.equals(addresses);
        addresses = now;
        if (other) {
            changed.run();
        }
        first.complete(null);
    }

    private Duration jitter(Refresh refresh) {
        long most = refresh.jitter().toNanos();
        return most == 0 ? Duration.ZERO : Duration.ofNanos(random.nextLong(most));
    }

    /** Servers turn their answers round; that is no change. */
    private static List<InetAddress> sorted(Lookup.Found found) {
        List<InetAddress> sorted = new ArrayList<>(new java.util.LinkedHashSet<>(found.addresses()));
        sorted.sort(Comparator.comparing(InetAddress::getHostAddress));
        return List.copyOf(sorted);
    }

    private List<InetAddress> one(Lookup.Found found) {
        boolean stays = !addresses.isEmpty() && found.addresses().contains(addresses.getFirst());
        return stays ? addresses : List.of(found.addresses().getFirst());
    }

    void stop() {
        stopped = true;
        if (next != null) {
            next.cancel(false);
        }
        first.complete(null);
    }

    List<InetAddress> addresses() {
        return addresses;
    }

    /** Completes when it was looked up once, whatever came of it. */
    CompletableFuture<Void> first() {
        return first;
    }
}
