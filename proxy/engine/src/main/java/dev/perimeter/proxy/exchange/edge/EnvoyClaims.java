package dev.perimeter.proxy.exchange.edge;

import dev.perimeter.proxy.http.Headers;
import java.util.Locale;
import java.util.Set;

/**
 * The {@code x-envoy-*} fields of a request: with them it chooses its own time-outs and retries, and says who it was to the
 * proxies before. Only those are left that whoever sent them may say.
 */
public final class EnvoyClaims {

    private static final String PREFIX = "x-envoy-";
    private static final String INTERNAL = "x-envoy-internal";
    private static final String EXTERNAL_ADDRESS = "x-envoy-external-address";

    /**
     * What Envoy takes away from every request that is not internal, but for the time an earlier proxy waits for us:
     * {@code x-envoy-expected-rq-timeout-ms} goes to the router, which drops it unless it is told to respect it.
     */
    private static final Set<String> OF_INTERNAL_REQUESTS = Set.of(
            "retry-on",
            "retry-grpc-on",
            "max-retries",
            "retriable-status-codes",
            "retriable-header-names",
            "upstream-rq-timeout-ms",
            "upstream-rq-per-try-timeout-ms",
            "upstream-rq-timeout-alt-response",
            "upstream-alt-stat-name",
            "hedge-on-per-try-timeout",
            "force-trace",
            "ip-tags",
            "original-url");

    private EnvoyClaims() {}

    /** A request that began within the network keeps what it says, and is marked. */
    public static void ofInternal(Headers headers) {
        headers.set(INTERNAL, "true");
    }

    /** Behind another proxy: what that one says stays, what only the origin of a request can have asked for goes. */
    public static void ofOther(Headers headers) {
        for (int at = headers.indexOfPrefix(PREFIX, 0); at >= 0; at = headers.indexOfPrefix(PREFIX, at)) {
            String name = headers.name(at).substring(PREFIX.length()).toLowerCase(Locale.ROOT);
            if (name.equals("internal") || OF_INTERNAL_REQUESTS.contains(name)) {
                headers.removeAt(at);
            } else {
                at++;
            }
        }
    }

    /**
     * From outside into the network: nothing stays but orders for faults, which nobody follows unless a fault filter is told
     * to by its config.
     *
     * @param client the address that is trusted
     */
    public static void ofOutsider(Headers headers, String client) {
        for (int at = headers.indexOfPrefix(PREFIX, 0); at >= 0; at = headers.indexOfPrefix(PREFIX, at)) {
            if (headers.name(at).regionMatches(true, PREFIX.length(), "fault-", 0, 6)) {
                at++;
            } else {
                headers.removeAt(at);
            }
        }
        headers.add(EXTERNAL_ADDRESS, client);
    }
}
