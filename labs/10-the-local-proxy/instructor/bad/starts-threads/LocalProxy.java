package dev.perimeter.labs.localproxy;

import dev.perimeter.proxy.tcp.Relay;
import io.netty.channel.Channel;
import java.util.concurrent.CompletableFuture;

/** Refused: leaves the event loop for threads of its own. */
public final class LocalProxy implements Relay {

    @Override
    public void accepted(Channel downstream, Dialer upstream) {
        Thread.ofVirtual().start(downstream::close);
        new Thread(downstream::close).start();
        CompletableFuture.runAsync(downstream::close);
    }
}
