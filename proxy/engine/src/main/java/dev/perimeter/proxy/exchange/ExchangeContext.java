package dev.perimeter.proxy.exchange;

import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.failure.ResponseFlag;
import dev.perimeter.proxy.filter.Attribute;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.Flow;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.filter.chain.FilterChain;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.ServerStream;
import dev.perimeter.proxy.http.tunnel.OpenTunnel;
import dev.perimeter.proxy.observe.Journal;
import dev.perimeter.proxy.route.HeaderEdits;
import dev.perimeter.proxy.runtime.HttpRuntime;
import dev.perimeter.proxy.snapshot.Snapshot;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The side of an exchange that filters see, as far as it is only looked up. */
abstract class ExchangeContext implements Exchange {

    final HttpConnection connection;
    final HttpRuntime manager;
    final Journal journal;
    final ServerStream stream;
    /** Null until a CONNECT was granted. */
    @Nullable
    OpenTunnel tunnel;

    private @Nullable Map<Attribute<?>, Object> attributes;
    private @Nullable String client;

    ExchangeContext(HttpConnection connection, HttpRuntime manager, Journal journal, ServerStream stream) {
        this.connection = connection;
        this.manager = manager;
        this.journal = journal;
        this.stream = stream;
    }

    abstract @Nullable FilterChain chain();

    abstract void fail(Failure failure);

    final HttpConnection connection() {
        return connection;
    }

    final HttpRuntime manager() {
        return manager;
    }

    @Override
    public @Nullable String upstreamHost() {
        return journal.upstreamHost();
    }

    @Override
    public final Snapshot snapshot() {
        return manager.runtime().snapshot();
    }

    @Override
    public final @Nullable Cluster cluster(String name) {
        return manager.runtime().cluster(name);
    }

    @Override
    @SuppressWarnings("unchecked")
    public final <T> @Nullable T get(Attribute<T> attribute) {
        return attributes == null ? null : (T) attributes.get(attribute);
    }

    @Override
    public final <T> void put(Attribute<T> attribute, T value) {
        if (attributes == null) {
            attributes = new IdentityHashMap<>(4);
        }
        attributes.put(attribute, value);
    }

    @Override
    public final <T> @Nullable T getOfConnection(Attribute<T> attribute) {
        return connection.get(attribute);
    }

    @Override
    public final <T> void putOfConnection(Attribute<T> attribute, T value) {
        connection.put(attribute, value);
    }

    @Override
    public final void edit(HeaderEdits edits, Headers headers) {
        edits.apply(headers, journal);
    }

    @Override
    public final void flag(ResponseFlag flag) {
        journal.flag(flag);
    }

    @Override
    public final LongSupplier clock() {
        return connection.worker().clock();
    }

    @Override
    public final EventExecutor loop() {
        return connection.worker().loop();
    }

    @Override
    public final int loopNumber() {
        return connection.worker().number();
    }

    @Override
    public final RandomGenerator random() {
        return connection.worker().random();
    }

    @Override
    public final String remoteHost() {
        return client == null ? connection.remoteHost() : client;
    }

    /** The request is from this client, and not from the other end of the connection. */
    final void from(String address) {
        client = address;
        journal.from(address);
    }

    @Override
    public final Flow requestFlow() {
        FilterChain chain = chain();
        return chain == null ? NOWHERE : chain.requestFlow();
    }

    @Override
    public final Flow responseFlow() {
        FilterChain chain = chain();
        return chain == null ? NOWHERE : chain.responseFlow();
    }

    @Override
    public final void end(Failure.Refused failure) {
        fail(failure);
    }

    /** For an exchange that ended in the codec. */
    private static final Flow NOWHERE = new Flow() {
        @Override
        public void resume(HttpFilter filter, Verdict verdict) {}

        @Override
        public void inject(HttpFilter filter, ByteBuf data, boolean endOfStream) {
            data.release();
        }

        @Override
        public void injectTrailers(HttpFilter filter, Headers trailers) {}

        @Override
        public boolean takes(HttpFilter filter) {
            return false;
        }
    };
}
