package dev.perimeter.proxy.route;

import org.jspecify.annotations.Nullable;

/**
 * What a route changes of a request before it goes on.
 *
 * @param host replaces the authority, or null
 * @param prefix replaces the matched prefix of the path, or null
 */
public record RequestRewrite(
        @Nullable String host, @Nullable String prefix) {

    public static final RequestRewrite NONE = new RequestRewrite(null, null);
}
