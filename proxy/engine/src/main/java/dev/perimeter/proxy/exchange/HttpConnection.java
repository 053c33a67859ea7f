package dev.perimeter.proxy.exchange;

import dev.perimeter.proxy.accept.ConnectionFacts;
import dev.perimeter.proxy.exchange.edge.ClientCertHeader;
import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.filter.Attribute;
import dev.perimeter.proxy.http.BadRequest;
import dev.perimeter.proxy.http.CodecEvent;
import dev.perimeter.proxy.http.RequestHandler;
import dev.perimeter.proxy.http.RequestHandlers;
import dev.perimeter.proxy.http.ServerStream;
import dev.perimeter.proxy.observe.Journal;
import dev.perimeter.proxy.observe.metric.Cells;
import dev.perimeter.proxy.observe.metric.HttpMetric;
import dev.perimeter.proxy.runtime.HttpRuntime;
import dev.perimeter.proxy.runtime.Worker;
import dev.perimeter.proxy.tls.TlsConnection;
import dev.perimeter.proxy.upstream.connect.Addresses;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One client connection: what its exchanges share. Each exchange takes the connection manager that is in force when it
 * begins, so a change of config needs no reconnect. Belongs to one event loop.
 */
public final class HttpConnection implements RequestHandlers {

    private final Worker worker;
    private final Channel channel;
    private final long number;
    private final Supplier<HttpRuntime> managers;
    private final ConnectionFacts facts;
    private final @Nullable ClientCertHeader clientCert;
    private final String remote;
    private final String remoteHost;
    private final String local;
    private final String direct;
    private final Cells<HttpMetric> metrics;
    private @Nullable TimerSlot freeTimers;
    private @Nullable Map<Attribute<?>, Object> attributes;
    private int requests;
    private boolean closed;
    private volatile boolean draining;

    /** @param number within this process, for logs */
    public HttpConnection(Worker worker, Channel channel, long number, Supplier<HttpRuntime> managers) {
        this.worker = worker;
        this.channel = channel;
        this.number = number;
        this.managers = managers;
        this.facts = ConnectionFacts.of(channel);
        this.clientCert = ClientCertHeader.of(facts.tls());
        if (facts.tls() != null) {
            put(TlsConnection.DOWNSTREAM, facts.tls());
        }
        this.remote = Addresses.text(facts.remote());
        this.remoteHost = Addresses.host(facts.remote());
        this.local = Addresses.text(facts.local());
        this.direct = Addresses.text(facts.directRemote());
        this.metrics = managers.get().metrics().on(worker.number());
        metrics.increment(HttpMetric.CONNECTIONS);
        metrics.add(HttpMetric.CONNECTIONS_ACTIVE, 1);
        channel.closeFuture().addListener(ended -> {
            closed = true;
            for (TimerSlot slot = freeTimers; slot != null; slot = slot.next) {
                slot.close();
            }
            metrics.add(HttpMetric.CONNECTIONS_ACTIVE, -1);
        });
    }

    @Override
    public RequestHandler open(ServerStream stream) {
        return exchange(stream);
    }

    @Override
    public void refused(ServerStream stream, BadRequest failure) {
        exchange(stream).refuse(failure.partial(), new Failure.Malformed(failure));
    }

    @Override
    public void counted(CodecEvent event) {
        metrics.increment(HttpMetric.of(event));
    }

    private HttpExchange exchange(ServerStream stream) {
        TimerSlot slot = freeTimers == null ? new TimerSlot(worker) : freeTimers;
        freeTimers = slot.next;
        slot.next = null;
        HttpRuntime manager = managers.get();
        int most = manager.config().limits().maxRequestsPerConnection();
        if (most > 0 && ++requests >= most) {
            drain();
        }
        return new HttpExchange(this, manager, stream, journal(), slot);
    }

    private Journal journal() {
        long now = worker.clock().getAsLong();
        Journal journal = new Journal(worker.calendar().millis(), now, number, remote, local);
        journal.secured(facts.tls(), facts.serverName());
        journal.relayedBy(direct);
        return journal;
    }

    /** An exchange is over; the next one takes its timer with the task that is still scheduled. */
    void ended(TimerSlot slot) {
        slot.exchange = null;
        if (closed) {
            slot.close();
        } else {
            slot.timer.off();
            slot.next = freeTimers;
            freeTimers = slot;
        }
    }

    /** From now on each reply says that it is the last. May be called on any thread. */
    public void drain() {
        draining = true;
    }

    /** Whether the reply that begins is to be the last: the listener drains, or the process is hard pressed. */
    boolean isLastReply() {
        return draining || worker.overload().endsConnection(worker.random());
    }

    Worker worker() {
        return worker;
    }

    boolean isSecure() {
        return facts.tls() != null;
    }

    /** Null unless the client showed a certificate. */
    @Nullable
    ClientCertHeader clientCert() {
        return clientCert;
    }

    /** The bare address of the other end, or of the client a PROXY header named. */
    String remoteHost() {
        return remoteHost;
    }

    @Nullable
    InetAddress remoteAddress() {
        return facts.remote().getAddress();
    }

    /** What filters keep for as long as the connection lives; few do, so there is no map before the first. */
    @SuppressWarnings("unchecked")
    <T> @Nullable T get(Attribute<T> attribute) {
        return attributes == null ? null : (T) attributes.get(attribute);
    }

    <T> void put(Attribute<T> attribute, T value) {
        if (attributes == null) {
            attributes = new IdentityHashMap<>(1);
        }
        attributes.put(attribute, value);
    }
}
