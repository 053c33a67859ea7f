package dev.perimeter.proxy.xds.stream;

import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.xds.control.Backoff;
import dev.perimeter.proxy.xds.control.ControlThread;
import dev.perimeter.proxy.xds.control.ControlThread.Timer;
import dev.perimeter.proxy.xds.protocol.Subscription;
import dev.perimeter.proxy.xds.resource.Resource;
import dev.perimeter.proxy.xds.resource.ResourceReader;
import dev.perimeter.proxy.xds.source.Named;
import dev.perimeter.proxy.xds.source.ResourceSource;
import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.transport.Answer;
import dev.perimeter.proxy.xds.transport.Transports;
import dev.perimeter.proxy.xds.world.LastGood;
import dev.perimeter.proxy.xds.world.Outlook;
import dev.perimeter.proxy.xds.world.Patience;
import dev.perimeter.proxy.xds.world.Shelf;
import dev.perimeter.proxy.xds.world.Warming;
import dev.perimeter.proxy.xds.world.World;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a control plane: asks for clusters and listeners, then for what they name, where they say that it is; accepts
 * or refuses each resource; hands the engine a snapshot when it is complete. Without a control plane the last good one
 * keeps serving.
 *
 * <p>Every method that is not public runs on the control thread, so nothing here is locked.
 */
public final class AdsClient implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AdsClient.class);

    private final Following following;
    private final ControlThread control;
    private final World world;
    private final Warming warming;
    private final Feeds feeds;
    private final Delivery delivery;
    private final Patience patience = new Patience();
    private final Judging judging;

    private @Nullable Timer timer;
    private @Nullable String lastGood;
    private Set<Named> told = Set.of();
    private @Nullable Map<String, Resource<ClusterConfig>> served;
    private Outlook outlook;
    private volatile XdsStatus status;

    /**
     * @param following what was found right by {@link Bootstrapped}
     * @param backoffs one for each source
     */
    public AdsClient(
            Following following,
            Transports transports,
            ControlThread control,
            Supplier<Backoff> backoffs,
            ResourceReader reader,
            SnapshotSink sink) {
        this.following = following;
        this.control = control;
        world = new World(reader);
        following.fixed().forEach((type, all) -> all.forEach(raw -> world.fix(type, raw)));
        warming = new Warming(world);
        judging = new Judging(world, transports);
        feeds = new Feeds(transports, control, backoffs, new Incoming());
        delivery = new Delivery(sink, control, this::delivered);
        outlook = look();
        status = view();
    }

    /** Begins to connect, and does not stop trying until {@link #close}. */
    public void start() {
        control.execute(() -> {
            root(ResourceType.CLUSTER);
            root(ResourceType.LISTENER);
            restore();
            settle();
            feeds.all().forEach(Feed::open);
        });
    }

    private void root(ResourceType type) {
        ResourceSource source = following.of(type);
        if (source != null) {
            feeds.of(source, type).subscribe(type, Set.of(Subscription.ALL));
        }
    }

    /** Takes what was kept, as if it came now and by the same rules. */
    private void restore() {
        LastGood kept = following.lastGood();
        if (kept == null) {
            return;
        }
        List<LastGood.Saved> all = kept.read();
        for (LastGood.Saved saved : all) {
            ResourceSource source = ResourceSource.ofKey(saved.source());
            boolean rooted = !saved.type().wildcard() || source.equals(following.of(saved.type()));
            if (!rooted || judging.unknown(source) != null) {
                continue;
            }
            Shelf.Judge judge = judging.of(saved.type(), Set.of(Subscription.ALL), false);
            List<String> refused = world.shelf(saved.type(), source)
                    .take(saved.answer(), true, judge, control.clock().instant());
            if (refused.isEmpty()) {
                feeds.of(source, saved.type())
                        .subscription(saved.type())
                        .restore(saved.answer().version());
            } else {
                LOG.warn("of the last good configuration in {}: {}", kept.file(), Refusals.text(refused));
            }
            feeds.answered(source, saved.type());
        }
        if (!all.isEmpty()) {
            lastGood = kept.file().toString();
            LOG.info("beginning with the last good configuration in {}", lastGood);
        }
    }

    private void delivered() {
        LastGood kept = following.lastGood();
        if (kept != null
                && lastGood == null
                && delivery.problems().isEmpty()
                && unanswered().isEmpty()
                && awaited().isEmpty()) {
            kept.write(world, feeds::version);
        }
        publish();
    }

    /** How things stand; from any thread. */
    public XdsStatus status() {
        return status;
    }

    /** Lets go of the control plane. The engine is left as it is. */
    @Override
    public void close() {
        control.execute(() -> {
            if (timer != null) {
                timer.cancel();
            }
            feeds.close();
        });
    }

    /** What happens on the streams. */
    private final class Incoming implements Feed.Reader {

        @Override
        public void found(Feed feed) {
            LOG.info("following the control plane at {}", feed.target());
        }

        @Override
        public @Nullable String read(Feed feed, ResourceType type, Answer answer) {
            Subscription subscription = feed.subscription(type);
            List<String> refused = world.shelf(type, feed.source())
                    .take(
                            answer,
                            subscription.wholeAnswers(),
                            judging.of(type, subscription.names(), feeds.answered(ResourceType.CLUSTER, following)),
                            control.clock().instant());
            lastGood = null;
            if (refused.isEmpty()) {
                feeds.answered(feed.source(), type);
                return null;
            }
            String sentence = Refusals.text(refused);
            LOG.warn("refused version {} of {}s: {}", answer.version(), type.word(), sentence);
            if (refused.size() < answer.resources().size()) {
                feeds.answered(feed.source(), type);
            }
            return sentence;
        }

        @Override
        public void unasked(Feed feed, Answer answer) {
            LOG.warn("a response for `{}` came from {} unasked; left aside", answer.typeUrl(), feed.target());
        }

        @Override
        public void settled(Feed feed) {
            settle();
        }

        @Override
        public void lost(Feed feed, String why, boolean again) {
            if (!again) {
                LOG.warn("no control plane at {}: {}", feed.target(), why);
            }
            settle();
        }

        @Override
        public Map<String, String> versions(ResourceType type, ResourceSource source) {
            return world.shelf(type, source).versions();
        }

        @Override
        public boolean complete(ResourceType type, ResourceSource source) {
            return outlook.missing().stream()
                    .noneMatch(named -> named.type() == type && named.source().equals(source));
        }
    }

    private Outlook look() {
        return Outlook.of(world, served, following.clusters(), patience::hasGivenUp);
    }

    /** Asks for what is named, delivers the configuration if it is complete, and says what it waits for if it is not. */
    private void settle() {
        Instant now = control.clock().instant();
        world.expire(now);
        outlook = look();
        Set<Named> timed = new TreeSet<>(outlook.missing());
        timed.addAll(outlook.lingering());
        if (outlook.hasListeners() || served != null) {
            // Before, there is no point in going on, as nothing could be served.
            timed.addAll(unanswered());
        }
        Set<Named> over = patience.look(timed, this::longestWait, world::absent, this::mayCome, now);
        over.forEach(this::tell);
        if (!over.isEmpty()) {
            outlook = look();
        }
        Set<Named> asked = new TreeSet<>(outlook.named());
        asked.removeIf(named -> named.source() instanceof ResourceSource.Static);
        feeds.ask(asked, world);
        if (patience.givenUp().containsAll(unanswered()) && awaited().isEmpty()) {
            served = Map.copyOf(outlook.clusters());
            delivery.deliver(warming.snapshot(outlook));
        } else if (served != null) {
            tellWaits();
        }
        wakeAgain(now);
        publish();
    }

    /** What the configuration begins with and has had no answer yet. */
    private Set<Named> unanswered() {
        Set<Named> unanswered = new TreeSet<>();
        for (ResourceType type : List.of(ResourceType.CLUSTER, ResourceType.LISTENER)) {
            ResourceSource source = following.of(type);
            if (source != null && !feeds.hasAnswered(source, type)) {
                unanswered.add(new Named(type, source, Subscription.ALL));
            }
        }
        return unanswered;
    }

    private static boolean isWhole(Named named) {
        return named.name().equals(Subscription.ALL);
    }

    private Duration longestWait(Named named) {
        return isWhole(named) ? following.firstWait(named.type()) : outlook.longestWait(named);
    }

    /** In the order of the protocol a cluster comes before the routes to it, so this is worth a word at once. */
    private void tellWaits() {
        Set<Named> waits = awaited();
        waits.removeIf(named -> named.type() != ResourceType.CLUSTER);
        for (Named cluster : waits) {
            if (!told.contains(cluster)) {
                LOG.info(
                        "changes wait at most {} s for {}, which `{}` sends requests to",
                        longestWait(cluster).toSeconds(),
                        cluster.words(),
                        outlook.mentionedBy(cluster));
            }
        }
        told = waits;
    }

    private void tell(Named over) {
        if (isWhole(over)) {
            LOG.warn(
                    "going on without {}s of the control plane, which has not said any",
                    over.type().word());
        } else if (over.type() == ResourceType.CLUSTER) {
            LOG.warn("{}, which a route names, is not there", over.words());
        } else if (world.absent(over)) {
            LOG.warn("{} is not there, says its source; taken as empty", over.words());
        } else {
            LOG.warn(
                    "{} did not come within {} s; taken as empty",
                    over.words(),
                    BigDecimal.valueOf(longestWait(over).toMillis(), 3)
                            .stripTrailingZeros()
                            .toPlainString());
        }
    }

    private boolean mayCome(Named named) {
        // What stands in the bootstrap does not wait for a control plane that cannot be reached.
        return isWhole(named) || feeds.of(named.source(), named.type()).connected();
    }

    private Set<Named> awaited() {
        Set<Named> awaited = new TreeSet<>(outlook.missing());
        awaited.removeIf(patience::hasGivenUp);
        return awaited;
    }

    private void wakeAgain(Instant now) {
        if (timer != null) {
            timer.cancel();
        }
        timer = Stream.of(patience.nextEnd(), world.nextEnd())
                .filter(end -> end != null)
                .min(Instant::compareTo)
                .map(end -> control.schedule(Duration.between(now, end), this::settle))
                .orElse(null);
    }

    private void publish() {
        status = view();
    }

    private XdsStatus view() {
        return new StatusView(world, feeds, following, outlook, patience)
                .at(delivery, awaited(), lastGood, control.clock());
    }
}
