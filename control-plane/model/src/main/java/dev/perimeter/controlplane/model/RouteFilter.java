package dev.perimeter.controlplane.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something done to a request or its response on the way. */
public sealed interface RouteFilter {
    /** Changes request headers before they are sent to the backend. */
    record RequestHeaders(HeaderEdit edit) implements RouteFilter {}

    /** Changes response headers before they are sent to the caller. */
    record ResponseHeaders(HeaderEdit edit) implements RouteFilter {}

    /**
     * Answers with a redirect; what is null stays as the caller sent it.
     *
     * @param status 301 or 302
     */
    record Redirect(
            @Nullable String scheme,
            @Nullable String hostname,
            @Nullable Integer port,
            @Nullable PathChange path,
            int status)
            implements RouteFilter {}

    /**
     * Changes the host or the path before the request is sent to the backend; null leaves it.
     *
     * @param prefix instead of the prefix the rule matched on
     */
    record Rewrite(@Nullable String hostname, @Nullable String prefix) implements RouteFilter {}

    /**
     * An edit of header fields: names are compared without regard to case.
     *
     * @param set replaces all the values of a field
     * @param add adds a value
     * @param remove removes the field
     */
    record HeaderEdit(List<Header> set, List<Header> add, List<String> remove) {
        public HeaderEdit {
            set = List.copyOf(set);
            add = List.copyOf(add);
            remove = List.copyOf(remove);
        }
    }

    /** A header field. */
    record Header(String name, String value) {}

    /** A new path. */
    sealed interface PathChange {
        String value();

        /** Instead of the whole path. */
        record Full(String value) implements PathChange {}

        /** Instead of the prefix the rule matched on. */
        record Prefix(String value) implements PathChange {}
    }
}
