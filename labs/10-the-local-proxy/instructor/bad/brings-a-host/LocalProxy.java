package dev.perimeter.labs.localproxy;

import dev.perimeter.proxy.tcp.Relay;
import io.netty.channel.Channel;

/** Refused: brings a class with the name of the lab's own host. */
public final class LocalProxy implements Relay {

    @Override
    public void accepted(Channel downstream, Dialer upstream) {
        downstream.close();
    }
}

/** Would run in place of the lab's. */
final class RelayHost {

    public static void main(String[] arguments) {
        System.out.println("port " + arguments[1]);
    }
}
