package dev.perimeter.proxy.route;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A part of a request that says which requests belong together (Envoy: RouteAction.HashPolicy). Several are combined in
 * order; one that is terminal ends the list if it found something.
 */
public sealed interface HashPolicy {

    boolean terminal();

    record Header(String name, boolean terminal) implements HashPolicy {}

    /** @param ttl of the cookie that is made where none was sent; null to make none */
    record Cookie(String name, @Nullable Duration ttl, String path, boolean terminal) implements HashPolicy {}

    record SourceAddress(boolean terminal) implements HashPolicy {}

    record QueryParameter(String name, boolean terminal) implements HashPolicy {}
}
