package dev.perimeter.proxy.exchange;

import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ServerStream;
import dev.perimeter.proxy.route.RouteAction;
import dev.perimeter.proxy.route.select.RouteRule;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpProtocols;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which protocols a client may go on with: its route decides, then its listener (Envoy: upgrade_configs). */
final class Upgrades {

    enum Verdict {
        GOES_ON,
        /** What is left of the request is whole with its head. */
        DROPPED,
        REFUSED
    }

    private Upgrades() {}

    /** Takes an offer that is dropped out of the request: HTTP/1.1 lets a server ignore it (RFC 9110 section 7.8). */
    static Verdict of(RequestHead head, HttpProtocols listener, @Nullable RouteRule rule, ServerStream stream) {
        // A listener that was not told to tunnel has no use for CONNECT, whatever its routes say.
        if (head.method().equals("CONNECT")) {
            return listener.connectAllowed() ? Verdict.GOES_ON : Verdict.REFUSED;
        }
        String protocol = head.upgrade();
        if (protocol == null || isAllowed(protocol, listener, rule)) {
            return Verdict.GOES_ON;
        }
        if (!stream.ownsConnection()) {
            return Verdict.REFUSED;
        }
        head.upgrade(null);
        return Verdict.DROPPED;
    }

    private static boolean isAllowed(String protocol, HttpProtocols listener, @Nullable RouteRule rule) {
        String name = protocol.toLowerCase(Locale.ROOT);
        Boolean byRoute = rule != null && rule.route().action() instanceof RouteAction.Forward forward
                ? forward.upgrades().get(name)
                : null;
        return byRoute == null ? listener.upgrades().contains(name) : byRoute;
    }
}
