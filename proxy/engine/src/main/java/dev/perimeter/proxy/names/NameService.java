package dev.perimeter.proxy.names;

import dev.perimeter.proxy.cluster.EndpointSet;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Follows the names of all clusters that have some, on a thread of its own, which is there only if there is such a cluster.
 * Event loops never wait for it: they see new endpoints when they are known. May be called on any thread.
 */
public final class NameService implements AutoCloseable {

    private final RandomGenerator random;
    private final Runnable changed;
    private final LookupCounts counts = new LookupCounts();
    private final Map<NamedEndpoints, Followed> followed = new HashMap<>();
    private @Nullable EventLoopGroup group;
    private @Nullable Resolvers resolvers;
    private boolean closed;

    /** @param changed told, on the thread of the names, when a cluster has other endpoints than before */
    public NameService(RandomGenerator random, Runnable changed) {
        this.random = random;
        this.changed = changed;
    }

    /**
     * Follows these as well as those it follows already.
     *
     * @return completes when each of their names was looked up once, whatever came of it
     */
    public synchronized CompletableFuture<Void> follow(Collection<NamedEndpoints> wanted) {
        if (closed || wanted.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.allOf(
                wanted.stream().map(each -> followed(each).first()).toArray(CompletableFuture[]::new));
    }

    private Followed followed(NamedEndpoints wanted) {
        Followed known = followed.get(wanted);
        if (known == null) {
            EventLoopGroup threads = threads();
            Resolvers lookup = java.util.Objects.requireNonNull(resolvers);
            known = new Followed(
                    wanted,
                    (name, told) -> new FollowedName(name, wanted, lookup, threads.next(), random, counts, told),
                    changed);
            followed.put(wanted, known);
            threads.execute(known::start);
        }
        return known;
    }

    private EventLoopGroup threads() {
        EventLoopGroup threads = group;
        if (threads == null) {
            threads = new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("names", true), NioIoHandler.newFactory());
            group = threads;
            resolvers = new Resolvers(threads.next());
        }
        return threads;
    }

    /** Follows these and no others from now on. */
    public synchronized void keep(Set<NamedEndpoints> wanted) {
        var ignored = follow(wanted);
        followed.entrySet().removeIf(entry -> {
            boolean gone = !wanted.contains(entry.getKey());
            if (gone && group != null) {
                group.execute(entry.getValue()::stop);
            }
            return gone;
        });
    }

    /** What is known now; empty before the first answer. */
    public synchronized EndpointSet endpoints(NamedEndpoints of) {
        Followed known = followed.get(of);
        return known == null
                ? new EndpointSet(
                        of.templates().name(),
                        java.util.List.of(),
                        of.templates().policy())
                : known.known();
    }

    public LookupCounts counts() {
        return counts;
    }

    @Override
    public void close() {
        EventLoopGroup threads;
        Resolvers lookup;
        synchronized (this) {
            closed = true;
            threads = group;
            lookup = resolvers;
            if (threads == null || lookup == null) {
                return;
            }
            followed.values().forEach(each -> threads.execute(each::stop));
            followed.clear();
        }
        // Not under the lock, which a thread that tells of a change may be waiting for.
        threads.execute(lookup::close);
        var ignored = threads.shutdownGracefully(0, 2, TimeUnit.SECONDS);
    }
}
