package dev.perimeter.proxy.xds.world;

import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.snapshot.ListenerConfig;
import dev.perimeter.proxy.xds.resource.Resource;
import dev.perimeter.proxy.xds.resource.field.Place.ClusterReference;
import dev.perimeter.proxy.xds.source.Named;
import dev.perimeter.proxy.xds.source.Reference;
import dev.perimeter.proxy.xds.source.ResourceSource;
import dev.perimeter.proxy.xds.source.ResourceType;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The whole tree that follows from the listeners and clusters there are now: what is to be asked for, what is still
 * missing, and which clusters that are gone must stay a little because a route still sends requests to them (make before
 * break, whatever the order of the server).
 */
public final class Outlook {

    /**
     * For a cluster that a route mentions. A server that does not keep the order of the protocol is forgiven that long; a
     * route to a cluster that never comes is legal.
     */
    private static final Duration CLUSTER_WAIT = Duration.ofSeconds(5);

    final Map<String, Resource<ListenerConfig>> listeners;
    final Map<String, Resource<ClusterConfig>> clusters;
    private final World world;
    private final Set<Named> named = new TreeSet<>();
    private final Map<Named, Duration> awaited = new TreeMap<>();
    private final Map<String, String> mentioned = new TreeMap<>();
    private final Set<Named> lingering = new TreeSet<>();
    private final Set<Named> missing = new TreeSet<>();

    private Outlook(World world) {
        this.world = world;
        listeners = world.listeners.all();
        clusters = new LinkedHashMap<>(world.clusters.all());
    }

    /**
     * @param served the clusters that requests are sent to at present; null while nothing is served
     * @param from where clusters come from, or null when there are only those of the bootstrap
     * @param givenUp what is not waited for any more
     */
    public static Outlook of(
            World world,
            @Nullable Map<String, Resource<ClusterConfig>> served,
            @Nullable ResourceSource from,
            Predicate<Named> givenUp) {
        Outlook outlook = new Outlook(world);
        outlook.follow(outlook.listeners.values());
        outlook.follow(outlook.clusters.values());
        if (served != null && from != null) {
            outlook.lookForClusters(served, from, givenUp);
        }
        for (Named named : outlook.awaited.keySet()) {
            if (world.find(named) == null) {
                outlook.missing.add(named);
            }
        }
        return outlook;
    }

    private void follow(Iterable<? extends Resource<?>> roots) {
        Deque<Resource<?>> open = new ArrayDeque<>();
        roots.forEach(open::add);
        while (!open.isEmpty()) {
            Resource<?> resource = open.remove();
            for (ClusterReference reference : resource.clusters()) {
                mentioned.putIfAbsent(reference.cluster(), resource.name());
            }
            for (Reference reference : resource.references()) {
                Named to = reference.to();
                if (reference.awaited()) {
                    awaited.merge(to, reference.longestWait(), Outlook::longer);
                }
                Resource<?> found = named.add(to) ? world.find(to) : null;
                if (found != null) {
                    open.add(found);
                }
            }
        }
    }

    /** Zero is without end. */
    private static Duration longer(Duration one, Duration other) {
        boolean endless = one.isZero() || other.isZero();
        return endless ? Duration.ZERO : one.compareTo(other) > 0 ? one : other;
    }

    private void lookForClusters(
            Map<String, Resource<ClusterConfig>> served, ResourceSource from, Predicate<Named> givenUp) {
        for (String name : mentioned.keySet()) {
            Named cluster = new Named(ResourceType.CLUSTER, from, name);
            if (clusters.containsKey(name)) {
                continue;
            }
            Resource<ClusterConfig> before = served.get(name);
            if (before == null) {
                missing.add(cluster);
            } else {
                lingering.add(cluster);
                if (!givenUp.test(cluster)) {
                    clusters.put(name, before);
                    follow(Set.of(before));
                }
            }
        }
    }

    /** What is named: all this is to be asked for. */
    public Set<Named> named() {
        return named;
    }

    /**
     * How long that is waited for: for clusters the same for all, for others as long as the most patient of those that
     * name it says. Zero is without end.
     */
    public Duration longestWait(Named name) {
        return name.type() == ResourceType.CLUSTER ? CLUSTER_WAIT : awaited.getOrDefault(name, Duration.ZERO);
    }

    /** The name of one that sends requests to that cluster. */
    public String mentionedBy(Named cluster) {
        return mentioned.getOrDefault(cluster.name(), "");
    }

    /** What is needed and has not come. */
    public Set<Named> missing() {
        return missing;
    }

    /** Clusters that the server took away although requests are sent to them. */
    public Set<Named> lingering() {
        return lingering;
    }

    public boolean hasListeners() {
        return !listeners.isEmpty();
    }

    /** Those that requests will be sent to. */
    public Map<String, Resource<ClusterConfig>> clusters() {
        return clusters;
    }
}
