package dev.perimeter.proxy.xds.stream;

import dev.perimeter.proxy.xds.control.Backoff;
import dev.perimeter.proxy.xds.control.ControlThread;
import dev.perimeter.proxy.xds.protocol.Subscription;
import dev.perimeter.proxy.xds.source.Named;
import dev.perimeter.proxy.xds.source.ResourceSource;
import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.transport.Transports;
import dev.perimeter.proxy.xds.world.Shelf;
import dev.perimeter.proxy.xds.world.World;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The streams there are: one for ADS, one for each type of every other source that something is asked of. */
final class Feeds {

    /** @param type null where one stream carries all */
    private record Key(ResourceSource source, @Nullable ResourceType type) {}

    private record Slot(ResourceSource source, ResourceType type) {}

    private final Transports transports;
    private final ControlThread control;
    private final Supplier<Backoff> backoffs;
    private final Feed.Reader reader;
    private final Map<Key, Feed> feeds = new LinkedHashMap<>();
    private final Set<Slot> answered = new HashSet<>();
    private boolean closed;

    Feeds(Transports transports, ControlThread control, Supplier<Backoff> backoffs, Feed.Reader reader) {
        this.transports = transports;
        this.control = control;
        this.backoffs = backoffs;
        this.reader = reader;
    }

    /** Made, and not opened yet, when it is first asked for. */
    Feed of(ResourceSource source, ResourceType type) {
        return feeds.computeIfAbsent(
                key(source, type),
                key -> new Feed(source, transports.to(source, type), control, backoffs.get(), reader));
    }

    @Nullable
    Feed known(ResourceSource source, ResourceType type) {
        return feeds.get(key(source, type));
    }

    private static Key key(ResourceSource source, ResourceType type) {
        return new Key(source, source instanceof ResourceSource.Ads ? null : type);
    }

    Collection<Feed> all() {
        return List.copyOf(feeds.values());
    }

    /** Something of this type was accepted, if only an empty list. */
    void answered(ResourceSource source, ResourceType type) {
        answered.add(new Slot(source, type));
    }

    boolean hasAnswered(ResourceSource source, ResourceType type) {
        return answered.contains(new Slot(source, type));
    }

    /** The version that was accepted last, or an empty one. */
    String version(ResourceType type, ResourceSource source) {
        Feed feed = known(source, type);
        Subscription subscription = feed == null ? null : feed.subscriptions().get(type);
        return subscription == null ? "" : subscription.version();
    }

    /** Whether it is known which clusters, or listeners, there are. */
    boolean answered(ResourceType type, Following following) {
        ResourceSource source = following.of(type);
        return source == null || hasAnswered(source, type);
    }

    /** Asks for just these, and lets go of all others. Whoever is asked for nothing any more is left. */
    void ask(Set<Named> named, World world) {
        if (closed) {
            return;
        }
        Map<ResourceType, Map<ResourceSource, Set<String>>> wanted = new TreeMap<>();
        for (Shelf<?> shelf : world.shelves()) {
            if (!shelf.type().wildcard()) {
                wanted.computeIfAbsent(shelf.type(), t -> new TreeMap<>())
                        .computeIfAbsent(shelf.source(), s -> new TreeSet<>());
            }
        }
        for (Named name : named) {
            wanted.computeIfAbsent(name.type(), t -> new TreeMap<>())
                    .computeIfAbsent(name.source(), s -> new TreeSet<>())
                    .add(name.name());
        }
        wanted.forEach((type, bySource) -> bySource.forEach((source, names) -> {
            world.retain(type, source, names);
            Feed feed = names.isEmpty() ? known(source, type) : of(source, type);
            if (feed != null) {
                feed.subscribe(type, names);
                feed.open();
            }
        }));
        feeds.entrySet().removeIf(entry -> entry.getValue().asksForNothing() && leave(entry.getValue()));
    }

    private static boolean leave(Feed feed) {
        feed.close();
        return true;
    }

    void close() {
        closed = true;
        feeds.values().forEach(Feed::close);
        transports.close();
    }
}
