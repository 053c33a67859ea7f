package dev.perimeter.proxy.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;

/**
 * The relay of the data plane. Each side reads once, writes what came to the other side, and reads again only when the
 * other side has room: so a slow receiver slows the sender by TCP's own window, and a pair never holds more than one
 * read and one write buffer for each direction.
 */
public final class TcpRelay implements Relay {

    @Override
    public void accepted(Channel downstream, Dialer upstream) {
        RelaySide clientSide = new RelaySide();
        RelaySide upstreamSide = new RelaySide();
        downstream.pipeline().addLast(clientSide);
        ChannelFuture dialing = upstream.dial(downstream, upstreamSide);
        dialing.addListener(connected -> {
            if (!connected.isSuccess()) {
                downstream.close();
            } else if (!downstream.isActive()) {
                dialing.channel().close();
            } else {
                join(clientSide, downstream, upstreamSide, dialing.channel());
            }
        });
    }

    /** Makes two connected channels one; each side is in its channel's pipeline or about to be added. */
    public static void join(RelaySide clientSide, Channel downstream, RelaySide upstreamSide, Channel upstream) {
        clientSide.join(upstream);
        upstreamSide.join(downstream);
    }
}
