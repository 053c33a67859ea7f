package dev.perimeter.labs.localproxy;

import dev.perimeter.proxy.tcp.Relay;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Refused: has its work done on threads that others keep. */
public final class LocalProxy implements Relay {

    @Override
    public void accepted(Channel downstream, Dialer upstream) {
        Open open = new Open();
        open.add(downstream);
        open.parallelStream().forEach(Channel::close);
        StreamSupport.stream(open.spliterator(), true).forEach(Channel::close);
        Stream.of(downstream)
                .gather(Gatherers.mapConcurrent(1, (Channel each) -> each.close()))
                .toList();
        new ConcurrentHashMap<>().forEach(1, (key, value) -> downstream.close());
    }

    private static final class Open extends ArrayList<Channel> {

        @Override
        protected void finalize() {
            forEach(Channel::close);
        }
    }
}
