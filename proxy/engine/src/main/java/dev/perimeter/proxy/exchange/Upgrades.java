package dev.perimeter.proxy.exchange;

import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ServerStream;
import dev.perimeter.proxy.route.RouteAction;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import dev.perimeter.proxy.route.select.RouteRule;
import dev.perimeter.proxy.route.select.ValueConditions;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpProtocols;
import java.util.List;
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

    /** In lower case, as a config's. */
    private static String name(String protocol) {
        return protocol.toLowerCase(Locale.ROOT);
    }

    private Upgrades() {}

    /**
     * Takes an offer that is dropped out of the request: HTTP/1.1 lets a server ignore it (RFC 9110 section 7.8). One
     * that no route and no listener knows is refused as in Envoy, and the connection ends with it: a client that does not
     * wait for the answer would have its protocol read as requests.
     */
    static Verdict of(RequestHead head, HttpProtocols listener, @Nullable RouteRule rule, ServerStream stream) {
        // A listener that was not told to tunnel has no use for CONNECT, whatever its routes say.
        if (head.method().equals("CONNECT")) {
            return listener.connectAllowed() ? Verdict.GOES_ON : Verdict.REFUSED;
        }
        String protocol = head.upgrade();
        if (protocol == null) {
            return Verdict.GOES_ON;
        }
        if (!stream.ownsConnection()) {
            return isAllowed(protocol, listener, rule) ? Verdict.GOES_ON : Verdict.REFUSED;
        }
        boolean content = head.hasContent();
        if (!isIgnored(protocol, listener)) {
            if (isAllowed(protocol, listener, rule)) {
                // Content would have to be whole before the protocol changes, which nobody waits for.
                head.upgrade(content ? null : name(protocol));
                return Verdict.GOES_ON;
            }
            stream.closeAfterwards();
            if (rule != null) {
                return Verdict.REFUSED;
            }
        }
        head.upgrade(null);
        return content ? Verdict.GOES_ON : Verdict.DROPPED;
    }

    private static boolean isIgnored(String protocol, HttpProtocols listener) {
        List<ValueMatch.Test> ignored = listener.ignoredUpgrades();
        for (int i = 0; i < ignored.size(); i++) {
            if (ValueConditions.meets(ignored.get(i), protocol)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAllowed(String protocol, HttpProtocols listener, @Nullable RouteRule rule) {
        String name = name(protocol);
        Boolean byRoute = rule != null && rule.route().action() instanceof RouteAction.Forward forward
                ? forward.upgrades().get(name)
                : null;
        return byRoute == null ? listener.upgrades().contains(name) : byRoute;
    }
}
