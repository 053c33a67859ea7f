package dev.perimeter.proxy.names;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks the name service. Called on the thread of {@link NameService}, and completes there. */
interface Lookup {

    /**
     * What is known of a name.
     *
     * @param addresses none when the name service says that there are none
     * @param ttl how long this may be believed; zero if nothing was said
     */
    record Found(List<InetAddress> addresses, Duration ttl) {

        static final Found NOTHING = new Found(List.of(), Duration.ZERO);
    }

    /** @return fails when nobody answered, or with an error, so that nothing is known */
    CompletableFuture<Found> find(String name, NamedEndpoints.Family family, List<InetSocketAddress> servers);
}
