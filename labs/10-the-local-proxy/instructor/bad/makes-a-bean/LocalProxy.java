package dev.perimeter.labs.localproxy;

import dev.perimeter.proxy.tcp.Relay;
import io.netty.channel.Channel;

/** Refused: has the JDK make an object of the class whose name it puts together. */
public final class LocalProxy implements Relay {

    @Override
    public void accepted(Channel downstream, Dialer upstream) {
        String name = String.join(".", "dev", "perimeter", "proxy", "tcp", "Tcp" + "Relay");
        try {
            ((Relay) java.beans.Beans.instantiate(null, name)).accepted(downstream, upstream);
        } catch (java.io.IOException | ClassNotFoundException absent) {
            downstream.close();
        }
    }
}
