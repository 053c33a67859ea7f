package dev.perimeter.labs.localproxy;

import dev.perimeter.proxy.tcp.Relay;
import io.netty.channel.Channel;
import java.lang.management.ManagementFactory;

/** Refused: has the management server make an object of the class whose name it puts together. */
public final class LocalProxy implements Relay {

    @Override
    public void accepted(Channel downstream, Dialer upstream) {
        String name = String.join(".", "dev", "perimeter", "proxy", "tcp", "Tcp" + "Relay");
        try {
            Object made = ManagementFactory.getPlatformMBeanServer().instantiate(name);
            ((Relay) made).accepted(downstream, upstream);
        } catch (Exception absent) {
            downstream.close();
        }
    }
}
