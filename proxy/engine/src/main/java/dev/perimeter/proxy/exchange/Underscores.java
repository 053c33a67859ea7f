package dev.perimeter.proxy.exchange;

import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpLimits;

/**
 * Header names with underscores, which back ends that turn a dash into an underscore (CGI, RFC 3875 section 4.1.18) take
 * for another header, one that the proxy may have set or removed.
 */
final class Underscores {

    private Underscores() {}

    /** Whether the request goes on; fields that it is to go on without are gone. */
    static boolean pass(Headers headers, HttpLimits.Underscores how) {
        if (how == HttpLimits.Underscores.ALLOW) {
            return true;
        }
        for (int i = headers.size() - 1; i >= 0; i--) {
            if (headers.name(i).indexOf('_') >= 0) {
                if (how == HttpLimits.Underscores.REJECT_REQUEST) {
                    return false;
                }
                headers.removeAt(i);
            }
        }
        return true;
    }

    static Failure refusal(RequestHead head) {
        String details =
                head.protocol().equals("HTTP/2") ? "http2.unexpected_underscore" : "http1.unexpected_underscore";
        return new Failure.Refused(400, details, "A header name has an underscore.", null);
    }
}
