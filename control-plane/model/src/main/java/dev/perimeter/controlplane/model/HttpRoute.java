package dev.perimeter.controlplane.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How requests are led to services, at a door of the mesh (parent Gateway) or between workloads (parent Service).
 *
 * @param parents where it applies; at least one
 * @param hostnames the hosts it is for, empty for those of its listener; without meaning for a parent Service
 * @param rules at least one
 */
public record HttpRoute(Meta meta, List<Parent> parents, List<String> hostnames, List<Rule> rules)
        implements MeshObject {
    public HttpRoute {
        parents = List.copyOf(parents);
        hostnames = List.copyOf(hostnames);
        rules = List.copyOf(rules);
    }

    /** What a route hangs on. */
    public enum ParentKind {
        GATEWAY("Gateway"),
        SERVICE("Service");

        private final String word;

        ParentKind(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /**
     * A reference to a parent.
     *
     * @param sectionName only the Gateway listener of that name, null for any
     * @param port only that port of the parent, null for any
     */
    public record Parent(
            ParentKind kind,
            String namespace,
            String name,
            @Nullable String sectionName,
            @Nullable Integer port) {
        public ObjectKey key() {
            return new ObjectKey(kind.word(), namespace, name);
        }
    }

    /**
     * What to do with the requests any of the matches takes.
     *
     * @param matches at least one; a rule written without any takes every request
     * @param filters in the order they act
     * @param backends who answers, by weight; may be empty only when a redirect answers
     * @param requestTimeout for the whole request; zero means none at all, null the proxy's own default
     * @param line the line of the file the rule starts at
     */
    public record Rule(
            List<RouteMatch> matches,
            List<RouteFilter> filters,
            List<Backend> backends,
            @Nullable Duration requestTimeout,
            int line) {
        public Rule {
            matches = List.copyOf(matches);
            filters = List.copyOf(filters);
            backends = List.copyOf(backends);
        }
    }

    /**
     * A share of the requests for one service port.
     *
     * @param weight the share relative to the other backends of the rule, 0 to 1,000,000
     */
    public record Backend(String namespace, String service, int port, int weight) {
        public ObjectKey key() {
            return new ObjectKey("Service", namespace, service);
        }
    }
}
