package dev.perimeter.proxy.xds.stream;

import dev.perimeter.proxy.xds.protocol.Subscription;
import dev.perimeter.proxy.xds.resource.Resource;
import dev.perimeter.proxy.xds.source.Named;
import dev.perimeter.proxy.xds.source.ResourceSource;
import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.stream.XdsStatus.Absence;
import dev.perimeter.proxy.xds.stream.XdsStatus.SourceStatus;
import dev.perimeter.proxy.xds.stream.XdsStatus.TypeStatus;
import dev.perimeter.proxy.xds.world.Held;
import dev.perimeter.proxy.xds.world.Outlook;
import dev.perimeter.proxy.xds.world.Patience;
import dev.perimeter.proxy.xds.world.Rejection;
import dev.perimeter.proxy.xds.world.Shelf;
import dev.perimeter.proxy.xds.world.World;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How things stand, taken down. Runs on the control thread. */
final class StatusView {

    private final World world;
    private final Feeds feeds;
    private final Following following;
    private final Outlook outlook;
    private final Patience patience;

    StatusView(World world, Feeds feeds, Following following, Outlook outlook, Patience patience) {
        this.world = world;
        this.feeds = feeds;
        this.following = following;
        this.outlook = outlook;
        this.patience = patience;
    }

    XdsStatus at(Delivery delivery, Set<Named> awaited, @Nullable String lastGood, InstantSource clock) {
        Map<ResourceType, TypeStatus> types = new EnumMap<>(ResourceType.class);
        for (ResourceType type : ResourceType.values()) {
            types.put(type, type(type));
        }
        Feed main = main();
        return new XdsStatus(
                main == null ? "the bootstrap" : main.target(),
                main == null || main.connected(),
                main == null ? clock.instant() : main.since(),
                main == null ? null : main.whyLost(),
                feeds.all().stream().map(StatusView::source).toList(),
                types,
                awaited.stream().map(Named::words).toList(),
                patience.givenUp().stream().map(Named::words).toList(),
                lastGood,
                delivery.serving(),
                delivery.problems());
    }

    /** Where listeners come from, or else clusters. */
    private @Nullable Feed main() {
        for (ResourceType type : List.of(ResourceType.LISTENER, ResourceType.CLUSTER)) {
            ResourceSource source = following.of(type);
            Feed feed = source == null ? null : feeds.known(source, type);
            if (feed != null) {
                return feed;
            }
        }
        return null;
    }

    private static SourceStatus source(Feed feed) {
        return new SourceStatus(feed.source().key(), feed.target(), feed.connected(), feed.since(), feed.whyLost());
    }

    private TypeStatus type(ResourceType type) {
        Map<String, Held<?>> resources = new TreeMap<>();
        Map<String, Rejection> rejections = new TreeMap<>();
        boolean answered = false;
        String version = "";
        long acks = 0;
        long nacks = 0;
        for (Shelf<?> shelf : world.shelvesOf(type)) {
            shelf.held().forEach((name, held) -> resources.put(shelf.source().qualified(name), held));
            for (Rejection rejection : shelf.rejections()) {
                rejections.put(
                        rejection.resource().isEmpty() ? "" : shelf.source().qualified(rejection.resource()),
                        rejection);
            }
            answered |= feeds.hasAnswered(shelf.source(), type);
        }
        for (Feed feed : feeds.all()) {
            Subscription subscription = feed.subscriptions().get(type);
            if (subscription != null) {
                version = subscription.version().isEmpty() ? version : subscription.version();
                acks += subscription.acks();
                nacks += subscription.nacks();
            }
        }
        Map<String, Resource<?>> fixed = new TreeMap<>(world.fixed(type));
        return new TypeStatus(version, answered, fixed, resources, rejections, absent(type), acks, nacks);
    }

    private Map<String, Absence> absent(ResourceType type) {
        Map<String, Absence> absent = new TreeMap<>();
        for (Named named : outlook.missing()) {
            if (named.type() == type) {
                absent.put(named.key(), patience.hasGivenUp(named) ? Absence.DOES_NOT_EXIST : Absence.REQUESTED);
            }
        }
        return absent;
    }
}
