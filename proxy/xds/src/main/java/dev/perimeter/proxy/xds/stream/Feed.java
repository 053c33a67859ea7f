package dev.perimeter.proxy.xds.stream;

import dev.perimeter.proxy.xds.control.Backoff;
import dev.perimeter.proxy.xds.control.ControlThread;
import dev.perimeter.proxy.xds.control.ControlThread.Timer;
import dev.perimeter.proxy.xds.protocol.Subscription;
import dev.perimeter.proxy.xds.source.ResourceSource;
import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.transport.Answer;
import dev.perimeter.proxy.xds.transport.Ask;
import dev.perimeter.proxy.xds.transport.XdsTransport;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One stream after the other to one source, with the subscriptions on it: of all types for ADS, else of one. Runs on the
 * control thread.
 */
final class Feed {

    /** Who is told what happens; on the control thread. */
    interface Reader {

        /** The first answer on a stream is about to be read. */
        void found(Feed feed);

        /** An answer to what was asked. @return why it is refused, or null */
        @Nullable
        String read(Feed feed, ResourceType type, Answer answer);

        /** An answer to nothing that was asked. */
        void unasked(Feed feed, Answer answer);

        /** What follows from an answer that was accepted or refused and told so. */
        void settled(Feed feed);

        /** @param again false when the one before was lost too */
        void lost(Feed feed, String why, boolean again);

        /** The version of each resource that is there, by name. */
        Map<String, String> versions(ResourceType type, ResourceSource source);

        /** Whether nothing that is named is missing. */
        boolean complete(ResourceType type, ResourceSource source);
    }

    private final ResourceSource source;
    private final XdsTransport transport;
    private final ControlThread control;
    private final Backoff backoff;
    private final Reader reader;
    private final Map<ResourceType, Subscription> subscriptions = new EnumMap<>(ResourceType.class);
    private XdsTransport.@Nullable Stream stream;
    private @Nullable Timer reconnect;
    private boolean opened;
    private boolean closed;
    private boolean connected;
    private Instant since;
    private @Nullable String lost;

    Feed(ResourceSource source, XdsTransport transport, ControlThread control, Backoff backoff, Reader reader) {
        this.source = source;
        this.transport = transport;
        this.control = control;
        this.backoff = backoff;
        this.reader = reader;
        since = control.clock().instant();
    }

    ResourceSource source() {
        return source;
    }

    String target() {
        return transport.target();
    }

    boolean connected() {
        return connected;
    }

    Instant since() {
        return since;
    }

    @Nullable
    String whyLost() {
        return lost;
    }

    Map<ResourceType, Subscription> subscriptions() {
        return subscriptions;
    }

    /** Made when it is first asked for. */
    Subscription subscription(ResourceType type) {
        Subscription subscription = subscriptions.get(type);
        if (subscription == null) {
            subscription = Subscription.of(type, transport.delta());
            subscriptions.put(type, subscription);
            if (stream != null) {
                send(subscription.streamOpened(Map.of(), true));
            }
        }
        return subscription;
    }

    void subscribe(ResourceType type, Set<String> names) {
        send(subscription(type).subscribe(names));
    }

    boolean asksForNothing() {
        return subscriptions.values().stream().allMatch(of -> of.names().isEmpty());
    }

    /** Begins to connect, and does not stop trying until {@link #close}. Again is harmless. */
    void open() {
        if (!opened) {
            opened = true;
            connect();
        }
    }

    void close() {
        closed = true;
        if (reconnect != null) {
            reconnect.cancel();
        }
        XdsTransport.Stream open = stream;
        stream = null;
        if (open != null) {
            open.cancel();
        }
        transport.close();
    }

    private void connect() {
        if (closed) {
            return;
        }
        Incoming incoming = new Incoming();
        XdsTransport.Stream next = transport.open(incoming);
        incoming.stream = next;
        stream = next;
        subscriptions.forEach((type, subscription) ->
                send(subscription.streamOpened(reader.versions(type, source), reader.complete(type, source))));
    }

    /** Events of one stream; those of a stream that is not the present one come too late and are dropped. */
    private final class Incoming implements XdsTransport.Events {

        private XdsTransport.@Nullable Stream stream;

        @Override
        public void answered(Answer answer) {
            control.execute(() -> {
                if (!closed && Feed.this.stream == stream) {
                    onAnswer(answer);
                }
            });
        }

        @Override
        public void ended(String why) {
            control.execute(() -> {
                if (!closed && Feed.this.stream == stream) {
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
            reader.found(this);
        }
        ResourceType type = ResourceType.of(answer.typeUrl());
        Subscription subscription = type == null ? null : subscriptions.get(type);
        if (type == null || subscription == null || !subscription.asked()) {
            reader.unasked(this, answer);
            return;
        }
        String refusal = reader.read(this, type, answer);
        send(refusal == null ? subscription.accepted(answer) : subscription.refused(answer, refusal));
        reader.settled(this);
    }

    private void onEnd(String why) {
        subscriptions.values().forEach(Subscription::streamClosed);
        stream = null;
        boolean again = !connected && lost != null;
        if (connected) {
            since = control.clock().instant();
        }
        connected = false;
        lost = why;
        reconnect = control.schedule(backoff.next(), this::connect);
        reader.lost(this, why, again);
    }

    private void send(@Nullable Ask ask) {
        XdsTransport.Stream open = stream;
        if (ask != null && open != null) {
            open.send(ask);
        }
    }
}
