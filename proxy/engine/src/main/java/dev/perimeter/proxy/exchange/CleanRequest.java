package dev.perimeter.proxy.exchange;

import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.RouteAction;
import dev.perimeter.proxy.route.path.Authorities;
import dev.perimeter.proxy.route.path.PathCleaning;
import dev.perimeter.proxy.snapshot.HttpManagerConfig;
import dev.perimeter.proxy.snapshot.RequestCleaning;
import dev.perimeter.proxy.snapshot.RequestCleaning.EscapedSlashes;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Brings header names, path and authority of a request into the form that its listener wants. */
final class CleanRequest {

    enum Outcome {
        GOES_ON,
        /** A name may mean two headers. */
        UNDERSCORE,
        /** The path may mean two things. */
        REFUSED,
        /** The client is to come back with the path as it is now. */
        ELSEWHERE
    }

    /** Keeps method and body, as the client is asked for the same thing in other words. */
    static final RouteAction.Redirect TO_PLAIN_PATH = new RouteAction.Redirect(307, null, null, -1, null, null);

    private CleanRequest() {}

    /** @param local where the request came to */
    static Outcome clean(RequestHead head, HttpManagerConfig config, SocketAddress local) {
        if (!Underscores.pass(head.headers(), config.limits().underscores())) {
            return Outcome.UNDERSCORE;
        }
        RequestCleaning how = config.cleaning();
        if (how == RequestCleaning.NONE) {
            return Outcome.GOES_ON;
        }
        authority(head, how, local);
        String path = head.path();
        if (path.isEmpty() || path.charAt(0) != '/') {
            return Outcome.GOES_ON;
        }
        boolean elsewhere = false;
        if (how.escapedSlashes() != EscapedSlashes.KEEP) {
            String plain = PathCleaning.withPlainSlashes(path);
            boolean escaped = !plain.equals(path);
            if (escaped && how.escapedSlashes() == EscapedSlashes.REJECT) {
                return Outcome.REFUSED;
            }
            elsewhere = escaped && how.escapedSlashes() == EscapedSlashes.REDIRECT;
            path = plain;
        }
        if (how.normalizePath()) {
            String normal = PathCleaning.normalised(path);
            if (normal == null) {
                return Outcome.REFUSED;
            }
            path = normal;
        }
        // After the dots, since following them can bring slashes together.
        path = how.mergeSlashes() ? PathCleaning.withSingleSlashes(path) : path;
        if (!path.equals(head.path())) {
            head.path(path);
        }
        return elsewhere ? Outcome.ELSEWHERE : Outcome.GOES_ON;
    }

    private static void authority(RequestHead head, RequestCleaning how, SocketAddress local) {
        String before = head.authority();
        String after = how.stripTrailingDot() ? Authorities.withoutTrailingDot(before) : before;
        if (!head.method().equals("CONNECT")) {
            after = switch (how.stripPort()) {
                case NEVER -> after;
                case ALWAYS -> Authorities.withoutPort(after);
                case MATCHING ->
                    local instanceof InetSocketAddress inet ? Authorities.withoutPort(after, inet.getPort()) : after;
            };
        }
        if (!after.equals(before)) {
            head.authority(after);
        }
    }
}
