package dev.perimeter.proxy.xds.stream;

import dev.perimeter.proxy.snapshot.Snapshot;
import dev.perimeter.proxy.xds.control.Backoff;
import dev.perimeter.proxy.xds.control.ControlThread;
import dev.perimeter.proxy.xds.control.ControlThread.Timer;
import dev.perimeter.proxy.xds.resource.ResourceReader;
import dev.perimeter.proxy.xds.stream.Warming.Named;
import dev.perimeter.proxy.xds.stream.XdsStatus.TypeStatus;
import dev.perimeter.proxy.xds.transport.AdsTransport;
import dev.perimeter.proxy.xds.transport.Answer;
import dev.perimeter.proxy.xds.transport.Ask;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a control plane: asks for clusters and listeners, then for what they name; accepts or refuses each response as
 * a whole; hands the engine a snapshot when it is complete. Without a control plane the last good one keeps serving.
 *
 * <p>Every method that is not public runs on the control thread, so nothing here is locked.
 */
public final class AdsClient implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AdsClient.class);

    private final AdsTransport transport;
    private final ControlThread control;
    private final Backoff backoff;
    private final World world;
    private final Delivery delivery;
    private final FirstFetch firstFetch = new FirstFetch();
    private final Map<ResourceType, Subscription> subscriptions = new EnumMap<>(ResourceType.class);
    private final Map<ResourceType, Rejection> rejections = new EnumMap<>(ResourceType.class);
    private final Set<ResourceType> answered = java.util.EnumSet.noneOf(ResourceType.class);

    private AdsTransport.@Nullable Stream stream;
    private @Nullable Timer firstFetchTimer;
    private boolean closed;
    private boolean connected;
    private Instant since;
    private @Nullable String lost;
    private Set<Named> awaited = Set.of();
    private volatile XdsStatus status;

    public AdsClient(
            AdsTransport transport, ControlThread control, Backoff backoff, ResourceReader reader, SnapshotSink sink) {
        this.transport = transport;
        this.control = control;
        this.backoff = backoff;
        world = new World(reader);
        delivery = new Delivery(sink, control, this::publish);
        since = control.clock().instant();
        for (ResourceType type : ResourceType.values()) {
            subscriptions.put(type, new Subscription(type));
        }
        status = view();
    }

    /** Begins to connect, and does not stop trying until {@link #close}. */
    public void start() {
        control.execute(this::connect);
    }

    /** How things stand; from any thread. */
    public XdsStatus status() {
        return status;
    }

    /** Lets go of the control plane. The engine is left as it is. */
    @Override
    public void close() {
        control.execute(() -> {
            closed = true;
            AdsTransport.Stream open = stream;
            stream = null;
            if (open != null) {
                open.cancel();
            }
            transport.close();
        });
    }

    private void connect() {
        if (closed) {
            return;
        }
        Incoming incoming = new Incoming();
        AdsTransport.Stream opened = transport.open(incoming);
        incoming.stream = opened;
        stream = opened;
        Set<Named> missing = Warming.missing(world);
        subscriptions.forEach((type, subscription) -> {
            boolean complete = missing.stream().noneMatch(named -> named.type() == type);
            send(subscription.streamOpened(complete));
        });
    }

    /** Events of one stream; those of a stream that is not the present one come too late and are dropped. */
    private final class Incoming implements AdsTransport.Events {

        private AdsTransport.@Nullable Stream stream;

        @Override
        public void answered(Answer answer) {
            control.execute(() -> {
                if (!closed && AdsClient.this.stream == stream) {
                    onAnswer(answer);
                }
            });
        }

        @Override
        public void ended(String why) {
            control.execute(() -> {
                if (!closed && AdsClient.this.stream == stream) {
                    onEnd(why);
                }
            });
        }
    }

    private void onAnswer(Answer answer) {
        backoff.reset();
        if (!connected) {
            connected = true;
            since = control.clock().instant();
            lost = null;
            LOG.info("following the control plane at {}", transport.target());
        }
        ResourceType type = ResourceType.of(answer.typeUrl());
        Subscription subscription = type == null ? null : subscriptions.get(type);
        if (type == null || subscription == null || !subscription.asked()) {
            LOG.warn("a response for `{}` came from {} unasked; left aside", answer.typeUrl(), transport.target());
            return;
        }
        Set<String> clusters =
                answered.contains(ResourceType.CLUSTER) ? world.clusters.held().keySet() : null;
        Rejection rejection = world.shelf(type)
                .take(answer, subscription.names(), clusters, control.clock().instant());
        if (rejection != null) {
            LOG.warn("refused version {} of {}s: {}", answer.version(), type.word(), rejection.sentence());
            rejections.put(type, rejection);
            send(subscription.refused(answer, rejection.sentence()));
            publish();
            return;
        }
        rejections.remove(type);
        answered.add(type);
        send(subscription.accepted(answer));
        subscribe(ResourceType.ENDPOINTS);
        subscribe(ResourceType.ROUTE_TABLE);
        settle();
    }

    private void onEnd(String why) {
        subscriptions.values().forEach(Subscription::streamClosed);
        stream = null;
        if (connected || lost == null) {
            LOG.warn("no control plane at {}: {}", transport.target(), why);
        }
        if (connected) {
            since = control.clock().instant();
        }
        connected = false;
        lost = why;
        settle();
        control.schedule(backoff.next(), this::connect);
    }

    private void subscribe(ResourceType type) {
        Set<String> names = Warming.named(world, type);
        Subscription subscription = subscriptions.get(type);
        if (subscription != null) {
            world.shelf(type).retain(names);
            send(subscription.subscribe(names));
        }
    }

    /** Delivers the configuration if it is complete, and says what it waits for if it is not. */
    private void settle() {
        Instant now = control.clock().instant();
        boolean known = answered.contains(ResourceType.CLUSTER) && answered.contains(ResourceType.LISTENER);
        Set<Named> before = firstFetch.givenUp();
        awaited = firstFetch.awaited(Warming.missing(world), connected, now);
        for (Named name : firstFetch.givenUp()) {
            if (!before.contains(name)) {
                LOG.warn(
                        "{} did not come within {} s; taken as empty",
                        words(name),
                        FirstFetch.LONGEST_WAIT.toSeconds());
            }
        }
        if (known && awaited.isEmpty()) {
            Snapshot snapshot = Warming.snapshot(world);
            delivery.deliver(snapshot);
        }
        if (firstFetchTimer != null) {
            firstFetchTimer.cancel();
        }
        Duration wait = firstFetch.untilNext(now);
        firstFetchTimer = wait == null ? null : control.schedule(wait, this::settle);
        publish();
    }

    private void send(@Nullable Ask ask) {
        AdsTransport.Stream open = stream;
        if (ask != null && open != null) {
            open.send(ask);
        }
    }

    private void publish() {
        status = view();
    }

    private XdsStatus view() {
        Map<ResourceType, TypeStatus> types = new EnumMap<>(ResourceType.class);
        subscriptions.forEach((type, subscription) -> types.put(
                type,
                new TypeStatus(
                        subscription.version(),
                        answered.contains(type),
                        Map.copyOf(world.shelf(type).held()),
                        rejections.get(type),
                        subscription.acks(),
                        subscription.nacks())));
        return new XdsStatus(
                transport.target(),
                connected,
                since,
                lost,
                types,
                awaited.stream().map(AdsClient::words).toList(),
                firstFetch.givenUp().stream().map(AdsClient::words).toList(),
                delivery.serving(),
                delivery.problems());
    }

    private static String words(Named named) {
        return named.type() == ResourceType.ENDPOINTS
                ? "the endpoints of `" + named.name() + "`"
                : named.type().word() + " `" + named.name() + "`";
    }
}
