package dev.perimeter.proxy.route;

import dev.perimeter.proxy.route.path.RegexRewrite;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A part of a request that says which requests belong together (Envoy: RouteAction.HashPolicy). Several are combined in
 * order; one that is terminal ends the list if it found something.
 */
public sealed interface HashPolicy {

    boolean terminal();

    /** @param rewrite what of the value counts; null for all of it */
    record Header(String name, @Nullable RegexRewrite rewrite, boolean terminal) implements HashPolicy {
        public Header(String name, boolean terminal) {
            this(name, null, terminal);
        }
    }

    /**
     * @param ttl of the cookie that is made where none was sent; null to make none
     * @param attributes as they stand in {@code set-cookie}, each with a semicolon and a space before it
     */
    record Cookie(String name, @Nullable Duration ttl, String path, String attributes, boolean terminal)
            implements HashPolicy {
        public Cookie(String name, @Nullable Duration ttl, String path, boolean terminal) {
            this(name, ttl, path, "", terminal);
        }
    }

    record SourceAddress(boolean terminal) implements HashPolicy {}

    record QueryParameter(String name, boolean terminal) implements HashPolicy {}
}
