package dev.perimeter.proxy.names;

import dev.perimeter.proxy.names.NamedEndpoints.Family;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Netty's resolver: over UDP, over TCP what is cut off, with the search domains and the hosts file of the machine. It keeps
 * nothing, since whoever asks here wants to know what has changed. All on one event loop.
 */
final class Resolvers implements Lookup, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private record Key(List<InetSocketAddress> servers, ResolvedAddressTypes types) {}

    private final EventLoop loop;
    private final TtlNotes ttls = new TtlNotes();
    private final Map<Key, DnsNameResolver> resolvers = new HashMap<>();

    Resolvers(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public CompletableFuture<Found> find(String name, Family family, List<InetSocketAddress> servers) {
        return switch (family) {
            case V4_ONLY -> ask(name, servers, ResolvedAddressTypes.IPV4_ONLY);
            case V6_ONLY -> ask(name, servers, ResolvedAddressTypes.IPV6_ONLY);
            case V6_PREFERRED -> first(name, servers, ResolvedAddressTypes.IPV6_ONLY, ResolvedAddressTypes.IPV4_ONLY);
            case V4_PREFERRED -> first(name, servers, ResolvedAddressTypes.IPV4_ONLY, ResolvedAddressTypes.IPV6_ONLY);
            case ALL -> both(name, servers);
        };
    }

    private CompletableFuture<Found> first(
            String name, List<InetSocketAddress> servers, ResolvedAddressTypes better, ResolvedAddressTypes other) {
        return ask(name, servers, better)
                .handle((found, failure) -> found != null && !found.addresses().isEmpty()
                        ? CompletableFuture.completedFuture(found)
                        : ask(name, servers, other).thenCompose(second -> orFailure(second, failure)))
                .thenCompose(answer -> answer);
    }

    /** Nothing is no answer as long as the better question had none. */
    private static CompletableFuture<Found> orFailure(Found second, @Nullable Throwable failure) {
        return failure != null && second.addresses().isEmpty()
                ? CompletableFuture.failedFuture(failure)
                : CompletableFuture.completedFuture(second);
    }

    private CompletableFuture<Found> both(String name, List<InetSocketAddress> servers) {
        return ask(name, servers, ResolvedAddressTypes.IPV4_ONLY)
                .thenCombine(ask(name, servers, ResolvedAddressTypes.IPV6_ONLY), (v4, v6) -> {
                    List<InetAddress> all = new ArrayList<>(v4.addresses());
                    all.addAll(v6.addresses());
                    return new Found(List.copyOf(all), shorter(v4, v6));
                });
    }

    /** What is zero is not known. */
    private static Duration shorter(Found one, Found other) {
        if (one.ttl().isZero() || other.ttl().isZero()) {
            return one.ttl().isZero() ? other.ttl() : one.ttl();
        }
        return one.ttl().compareTo(other.ttl()) < 0 ? one.ttl() : other.ttl();
    }

    private CompletableFuture<Found> ask(String name, List<InetSocketAddress> servers, ResolvedAddressTypes types) {
        CompletableFuture<Found> answer = new CompletableFuture<>();
        TtlNotes.Note note = ttls.begin(name);
        resolvers
                .computeIfAbsent(new Key(servers, types), this::resolver)
                .resolveAll(name)
                .addListener((Future<List<InetAddress>> done) -> {
                    ttls.end(note);
                    if (done.isSuccess()) {
                        answer.complete(new Found(List.copyOf(done.getNow()), note.ttl()));
                    } else if (isAnswer(done.cause())) {
                        answer.complete(Found.NOTHING);
                    } else {
                        answer.completeExceptionally(done.cause());
                    }
                });
        return answer;
    }

    /** Whether the name service said that there is no such name, or no address of that kind. */
    private static boolean isAnswer(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DnsErrorCauseException error) {
                return error.getCode() == DnsResponseCode.NXDOMAIN || error.getCode() == DnsResponseCode.NOERROR;
            }
        }
        return false;
    }

    private DnsNameResolver resolver(Key key) {
        DnsNameResolverBuilder builder = new DnsNameResolverBuilder(loop)
                .datagramChannelType(NioDatagramChannel.class)
                .socketChannelType(NioSocketChannel.class)
                .resolvedAddressTypes(key.types())
                .resolveCache(ttls)
                .cnameCache(NoopDnsCnameCache.INSTANCE)
                .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
                // Of several questions the same at once, one is asked.
                .consolidateCacheSize(64)
                .queryTimeoutMillis(PATIENCE.toMillis());
        if (!key.servers().isEmpty()) {
            builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(key.servers()));
        }
        return builder.build();
    }

    @Override
    public void close() {
        resolvers.values().forEach(DnsNameResolver::close);
        resolvers.clear();
    }
}
