package dev.perimeter.controlplane.discovery;

import java.util.Collection;
import java.util.Set;

/**
 * Which resources of a type a client wants: all ("wildcard") or some by name. A first request without names means
 * all; once names were given, no names means none (Envoy's xDS protocol, "How the client specifies what resources to
 * return").
 */
record Interest(boolean all, boolean everNamed, Set<String> names) {
    private static final String WILDCARD = "*";

    /** Before the first request: nothing. */
    static final Interest NONE = new Interest(false, false, Set.of());

    /** After a request with these names. */
    Interest next(Collection<String> requested, ResourceType type) {
        Set<String> wanted = Set.copyOf(requested);
        boolean legacyAll = wanted.isEmpty() && !everNamed && type.whole();
        boolean named = everNamed || !wanted.isEmpty();
        return new Interest(legacyAll || wanted.contains(WILDCARD), named, wanted);
    }

    boolean wants(String name) {
        return all || names.contains(name);
    }
}
