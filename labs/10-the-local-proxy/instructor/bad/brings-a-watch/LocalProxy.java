package dev.perimeter.labs.localproxy;

import dev.perimeter.proxy.tcp.Relay;
import io.netty.channel.Channel;

/** Refused: brings a class with the name of the lab's own watch over the event loop. */
public final class LocalProxy implements Relay {

    @Override
    public void accepted(Channel downstream, Dialer upstream) {
        downstream.close();
    }
}

/** Would never see the loop stand. */
final class LoopWatch {

    String stood() {
        return "-";
    }
}
