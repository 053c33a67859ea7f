package dev.perimeter.labs.localproxy;

import dev.perimeter.proxy.tcp.Relay;
import io.netty.channel.Channel;

/** Refused: puts the name of the product's class together and looks it up. */
public final class LocalProxy implements Relay {

    @Override
    public void accepted(Channel downstream, Dialer upstream) {
        String name = String.join(".", "dev", "perimeter", "proxy", "tcp", "Tcp" + "Relay");
        try {
            ((Relay) Class.forName(name).getDeclaredConstructor().newInstance()).accepted(downstream, upstream);
        } catch (ReflectiveOperationException absent) {
            downstream.close();
        }
    }
}
