package dev.perimeter.proxy.route.select;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which route would take a request, and why no other one before it.
 *
 * @param table name of the route table
 * @param virtualHost its name; null when none has the request's host
 * @param hostReason one sentence
 * @param tried routes that come before, with the first condition that failed in each; at most {@link #MOST_TRIED}
 * @param notShown how many more were tried
 * @param rule the route; null when none matches
 * @param position of the route in its virtual host
 * @param remarks what else is to be known of the choice
 */
public record Explanation(
        String table,
        @Nullable String virtualHost,
        String hostReason,
        List<Tried> tried,
        int notShown,
        @Nullable RouteRule rule,
        int position,
        List<String> remarks) {

    public static final int MOST_TRIED = 50;

    /** A route that did not take the request. */
    public record Tried(int position, String route, String reason) {}
}
