package dev.perimeter.labs.localproxy;

import dev.perimeter.proxy.tcp.Relay;
import dev.perimeter.proxy.tcp.TcpRelay;
import io.netty.channel.Channel;

/** Refused: hands the work to the product's class. */
public final class LocalProxy implements Relay {

    @Override
    public void accepted(Channel downstream, Dialer upstream) {
        new TcpRelay().accepted(downstream, upstream);
    }
}
