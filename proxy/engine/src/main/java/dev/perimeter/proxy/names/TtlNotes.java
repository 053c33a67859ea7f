package dev.perimeter.proxy.names;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * In the place of a cache, since only a cache is told how long an answer lives: it keeps no answer, but notes the shortest
 * time to live for whoever asks at present. On the resolvers' loop alone.
 */
final class TtlNotes implements DnsCache {

    /** One question under way. */
    static final class Note {
        private final String name;
        private long seconds = Long.MAX_VALUE;

        private Note(String name) {
            this.name = name;
        }

        /** Zero if nothing was said. */
        Duration ttl() {
            return seconds == Long.MAX_VALUE ? Duration.ZERO : Duration.ofSeconds(seconds);
        }
    }

    private final Map<String, List<Note>> open = new HashMap<>();

    Note begin(String name) {
        Note note = new Note(plain(name));
        open.computeIfAbsent(note.name, key -> new ArrayList<>(1)).add(note);
        return note;
    }

    void end(Note note) {
        open.computeIfPresent(note.name, (name, notes) -> {
            notes.remove(note);
            return notes.isEmpty() ? null : notes;
        });
    }

    /** The resolver asks by full names, with search domains and a dot at the end. */
    private static String plain(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    @Override
    public DnsCacheEntry cache(
            String hostname, DnsRecord @Nullable [] additionals, InetAddress address, long ttl, EventLoop loop) {
        String full = plain(hostname);
        open.forEach((name, notes) -> {
            if (full.equals(name) || full.startsWith(name + ".")) {
                notes.forEach(note -> note.seconds = Math.min(note.seconds, ttl));
            }
        });
        return new Told(address, null);
    }

    @Override
    public DnsCacheEntry cache(String hostname, DnsRecord @Nullable [] additionals, Throwable cause, EventLoop loop) {
        return new Told(null, cause);
    }

    private record Told(
            @Nullable InetAddress address, @Nullable Throwable cause) implements DnsCacheEntry {}

    @Override
    public List<? extends DnsCacheEntry> get(String hostname, DnsRecord @Nullable [] additionals) {
        return List.of();
    }

    @Override
    public void clear() {}

    @Override
    public boolean clear(String hostname) {
        return false;
    }
}
