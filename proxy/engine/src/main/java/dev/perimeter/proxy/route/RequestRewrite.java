package dev.perimeter.proxy.route;

import dev.perimeter.proxy.route.path.RegexRewrite;
import dev.perimeter.proxy.route.path.TemplateRewrite;
import org.jspecify.annotations.Nullable;

/**
 * What a route changes of a request before it goes on.
 *
 * @param host what becomes of the authority; null to keep it
 * @param path what becomes of the path; null to keep it
 * @param appendForwardedHost whether a changed authority is kept in {@code x-forwarded-host}
 */
public record RequestRewrite(
        @Nullable HostRewrite host, @Nullable PathRewrite path, boolean appendForwardedHost) {

    public static final RequestRewrite NONE = new RequestRewrite((HostRewrite) null, null, false);

    /** @param host replaces the authority, or null; @param prefix replaces the matched prefix of the path, or null */
    public RequestRewrite(@Nullable String host, @Nullable String prefix) {
        this(
                host == null ? null : new HostRewrite.Literal(host),
                prefix == null ? null : new PathRewrite.Prefix(prefix),
                false);
    }

    /** Where the new authority comes from. */
    public sealed interface HostRewrite {

        record Literal(String host) implements HostRewrite {}

        /**
         * The name of the endpoint that is chosen; the authority stays for one without a name. It is set where the endpoint
         * is known, for each attempt anew (Envoy: auto_host_rewrite).
         */
        record OfEndpoint() implements HostRewrite {}

        /** A header of the request; the authority stays when it is not there or empty. */
        record Header(String name) implements HostRewrite {}

        /** The path as it came, without its query, with the substitution applied. */
        record FromPath(RegexRewrite rewrite) implements HostRewrite {}
    }

    public boolean hostOfEndpoint() {
        return host instanceof HostRewrite.OfEndpoint;
    }

    /** How the path, without its query, is changed. */
    public sealed interface PathRewrite {

        /** Replaces what the match of the route found. */
        record Prefix(String replacement) implements PathRewrite {}

        record Regex(RegexRewrite rewrite) implements PathRewrite {}

        record Template(TemplateRewrite rewrite) implements PathRewrite {}
    }
}
