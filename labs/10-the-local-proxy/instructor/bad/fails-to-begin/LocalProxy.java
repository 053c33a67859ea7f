package dev.perimeter.labs.localproxy;

import dev.perimeter.proxy.tcp.Relay;
import io.netty.channel.Channel;

/** Runs, and ends at once: nobody gets as far as a connection. */
public final class LocalProxy implements Relay {

    public LocalProxy() {
        throw new IllegalStateException("no settings");
    }

    @Override
    public void accepted(Channel downstream, Dialer upstream) {
        downstream.close();
    }
}
