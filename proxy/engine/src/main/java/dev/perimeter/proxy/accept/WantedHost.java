package dev.perimeter.proxy.accept;

import dev.perimeter.proxy.balance.Pick;
import dev.perimeter.proxy.balance.Pick.OverrideHost;
import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.cluster.ClusterConfig.EndpointSource.OriginalDestination;
import dev.perimeter.proxy.http.Headers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** For clusters whose endpoint is wherever the client wanted to go. */
public final class WantedHost {

    private WantedHost() {}

    /**
     * The wish with that endpoint, for such a cluster; without one when nobody knows where the client wanted to go, which
     * finds no endpoint.
     *
     * @param headers of the request, or null for bytes of any meaning
     */
    public static Pick of(Cluster cluster, Pick wish, ConnectionFacts facts, @Nullable Headers headers) {
        if (!(cluster.config().endpoints() instanceof OriginalDestination source)) {
            return wish;
        }
        String said = headers == null || source.header().isEmpty() ? null : headers.get(source.header());
        InetSocketAddress wanted = said != null ? address(said) : facts.restored() ? facts.local() : null;
        if (wanted != null && source.port() > 0) {
            wanted = new InetSocketAddress(wanted.getAddress(), source.port());
        }
        return wish.with(wanted == null ? null : new OverrideHost(wanted, true));
    }

    private static @Nullable InetSocketAddress address(String said) {
        int colon = said.lastIndexOf(':');
        try {
            String ip = said.substring(0, Math.max(0, colon)).replace("[", "").replace("]", "");
            return new InetSocketAddress(InetAddress.ofLiteral(ip), Integer.parseInt(said.substring(colon + 1)));
        } catch (IllegalArgumentException none) {
            return null;
        }
    }
}
