package dev.perimeter.proxy.exchange;

import dev.perimeter.proxy.accept.ConnectionFacts;
import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.cluster.InternalAddress;
import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.http.ServerStream;
import dev.perimeter.proxy.http.tunnel.OpenTunnel;
import dev.perimeter.proxy.observe.Journal;
import dev.perimeter.proxy.route.RouteAction;
import dev.perimeter.proxy.tcp.ConnectionMeter;
import dev.perimeter.proxy.tcp.RelaySide;
import dev.perimeter.proxy.tcp.TcpRelay;
import dev.perimeter.proxy.upstream.TcpDial;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import org.jspecify.annotations.Nullable;

/**
 * A CONNECT that ends here: its bytes go to the cluster as TCP (RFC 9110 section 9.3.6). The 200 is sent when the
 * upstream is connected, so that a client knows that its first byte arrives.
 */
final class ConnectTunnel {

    private final HttpExchange exchange;
    private final ServerStream stream;
    private final Journal journal;

    ConnectTunnel(HttpExchange exchange, ServerStream stream, Journal journal) {
        this.exchange = exchange;
        this.stream = stream;
        this.journal = journal;
    }

    void open(Cluster cluster, RouteAction.Forward forward) {
        if (!forward.tunnel()) {
            exchange.fail(
                    new Failure.TunnelRefused("CONNECT", exchange.request().authority()));
            return;
        }
        String inside = InternalAddress.listener(cluster.endpoints());
        if (inside != null) {
            enter(inside);
            return;
        }
        RelaySide upstreamSide = new RelaySide();
        TcpDial dial = new TcpDial(exchange.connection().worker().upstreams(), cluster, journal)
                .relaying(ConnectionFacts.of(stream.channel()));
        dial.start(upstreamSide).addListener(connected -> {
            if (!connected.isSuccess()) {
                exchange.fail(dial.failure());
            } else if (exchange.isOver()) {
                dial.channel().close();
            } else {
                join(dial.channel(), upstreamSide);
            }
        });
    }

    /** What comes through the tunnel is a connection of a listener of ours, which finds out what it speaks. */
    private void enter(String listener) {
        ChannelHandler entrance =
                exchange.connection().worker().internalListeners().entrance(listener);
        if (entrance == null) {
            exchange.fail(new Failure.ConnectFailed(
                    String.valueOf(journal.clusterName()), listener, 1, "there is no internal listener of this name"));
            return;
        }
        journal.attempt(listener);
        Channel ignored = established(new ConnectionMeter(journal, exchange.clock(), entrance), null);
    }

    private void join(Channel upstream, RelaySide upstreamSide) {
        RelaySide clientSide = new RelaySide();
        Channel downstream = established(new ConnectionMeter(journal, exchange.clock(), clientSide), upstream);
        TcpRelay.join(clientSide, downstream, upstreamSide, upstream);
    }

    private Channel established(ConnectionMeter meter, @Nullable Channel upstream) {
        ResponseHead established = new ResponseHead(200, "", new Headers());
        journal.answer(established, "via_upstream");
        Channel downstream = stream.tunnel(established, meter);
        exchange.tunnelled(new OpenTunnel(downstream, upstream), meter);
        downstream.closeFuture().addListener(closed -> exchange.complete());
        return downstream;
    }
}
