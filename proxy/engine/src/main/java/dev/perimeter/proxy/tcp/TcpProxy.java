package dev.perimeter.proxy.tcp;

import dev.perimeter.proxy.accept.ConnectionFacts;
import dev.perimeter.proxy.accept.WantedHost;
import dev.perimeter.proxy.balance.Pick;
import dev.perimeter.proxy.balance.hash.HashFunction;
import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.failure.LocalReply;
import dev.perimeter.proxy.observe.Journal;
import dev.perimeter.proxy.observe.metric.Cells;
import dev.perimeter.proxy.observe.metric.TcpMetric;
import dev.perimeter.proxy.route.WeightedChoice;
import dev.perimeter.proxy.runtime.TcpRuntime;
import dev.perimeter.proxy.runtime.Worker;
import dev.perimeter.proxy.upstream.TcpDial;
import dev.perimeter.proxy.upstream.connect.Addresses;
import dev.perimeter.proxy.upstream.time.LazyTimer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's tcp_proxy: an accepted connection goes to a cluster by weight, through a {@link Relay}; counted, watched for
 * silence, and logged when it ends. One object for each connection, on its event loop.
 */
public final class TcpProxy implements Relay.Dialer {

    private final Worker worker;
    private final TcpRuntime manager;
    private final Journal journal;
    private final Cells<TcpMetric> metrics;
    private final ConnectionFacts facts;
    private final ConnectionMeter meter;
    private final long idleNanos;

    private TcpProxy(Worker worker, TcpRuntime manager, Channel channel, long number) {
        this.worker = worker;
        this.manager = manager;
        this.facts = ConnectionFacts.of(channel);
        this.journal = new Journal(
                worker.calendar().millis(),
                worker.clock().getAsLong(),
                number,
                Addresses.text(facts.remote()),
                Addresses.text(facts.local()));
        journal.secured(facts.tls(), facts.serverName());
        journal.relayedBy(Addresses.text(facts.directRemote()));
        this.metrics = manager.metrics().on(worker.number());
        this.meter = new ConnectionMeter(journal, worker.clock(), null);
        this.idleNanos = manager.config().idleTimeout().toNanos();
    }

    /**
     * Takes over an accepted connection: active, auto-read off, half-close allowed.
     *
     * @param number of the connection within this process
     */
    public static void accepted(Worker worker, TcpRuntime manager, Relay relay, Channel channel, long number) {
        TcpProxy proxy = new TcpProxy(worker, manager, channel, number);
        proxy.watch(channel);
        channel.pipeline().addLast(proxy.meter);
        relay.accepted(channel, proxy);
    }

    private void watch(Channel channel) {
        metrics.increment(TcpMetric.CONNECTIONS);
        metrics.add(TcpMetric.CONNECTIONS_ACTIVE, 1);
        LazyTimer[] timer = new LazyTimer[1];
        timer[0] = new LazyTimer(worker.loop(), worker.clock(), () -> {
            long deadline = meter.lastMove() + idleNanos;
            if (worker.clock().getAsLong() < deadline) {
                timer[0].at(deadline);
                return;
            }
            metrics.increment(TcpMetric.IDLE_TIMEOUT);
            journal.details("tcp_idle_timeout");
            channel.close();
        });
        if (idleNanos > 0) {
            timer[0].at(meter.lastMove() + idleNanos);
        }
        channel.closeFuture().addListener(closed -> {
            timer[0].cancel();
            ended();
        });
    }

    private void ended() {
        journal.ended(worker.clock().getAsLong());
        metrics.add(TcpMetric.CONNECTIONS_ACTIVE, -1);
        metrics.add(TcpMetric.BYTES_RECEIVED, journal.receivedBytes());
        metrics.add(TcpMetric.BYTES_SENT, journal.sentBytes());
        metrics.duration(journal.durationNanos());
        worker.log().write(manager.config().accessLogs(), journal);
    }

    @Override
    public ChannelFuture dial(Channel downstream, ChannelHandler handler) {
        DialPromise promise = new DialPromise(downstream);
        Cluster cluster = cluster();
        if (cluster == null) {
            failed(new Failure.NoCluster(String.valueOf(manager.config().clusters()), 503));
            return promise.setFailure(new java.net.ConnectException("no cluster"));
        }
        journal.cluster(cluster.name());
        TcpDial dial = new TcpDial(worker.upstreams(), cluster, journal)
                .relaying(facts)
                .attempts(manager.config().maxConnectAttempts());
        Pick wish = Pick.ANY;
        if (manager.config().bySource() && facts.remote().getAddress() != null) {
            String remote = Addresses.host(facts.remote());
            wish = new Pick(List.of(), HashFunction.XX_HASH.hash(remote));
        }
        dial.choosing(WantedHost.of(cluster, wish, facts, null));
        dial.start(handler).addListener(connected -> {
            if (connected.isSuccess()) {
                promise.connected(dial.channel());
            } else {
                failed(dial.failure());
                promise.setFailure(connected.cause());
            }
        });
        return promise;
    }

    private @Nullable Cluster cluster() {
        String name = WeightedChoice.pick(manager.config().clusters(), worker.random());
        return name == null ? null : manager.runtime().cluster(name);
    }

    private void failed(Failure failure) {
        LocalReply reply = LocalReply.of(failure);
        if (reply.flag() != null) {
            journal.flag(reply.flag());
        }
        journal.details(reply.details());
        metrics.increment(TcpMetric.NO_ROUTE);
    }
}
