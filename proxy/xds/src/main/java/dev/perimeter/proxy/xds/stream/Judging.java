package dev.perimeter.proxy.xds.stream;

import dev.perimeter.proxy.xds.protocol.Subscription;
import dev.perimeter.proxy.xds.resource.Resource;
import dev.perimeter.proxy.xds.resource.field.Place.ClusterReference;
import dev.perimeter.proxy.xds.source.Named;
import dev.perimeter.proxy.xds.source.Reference;
import dev.perimeter.proxy.xds.source.ResourceSource;
import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.transport.Transports;
import dev.perimeter.proxy.xds.world.Shelf;
import dev.perimeter.proxy.xds.world.World;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a resource that can be read fits what is there already. */
final class Judging {

    private final World world;
    private final Transports transports;

    Judging(World world, Transports transports) {
        this.world = world;
        this.transports = transports;
    }

    /**
     * @param wanted the names asked for
     * @param clustersKnown whether it is known which clusters there are
     */
    Shelf.Judge of(ResourceType type, Set<String> wanted, boolean clustersKnown) {
        return new Shelf.Judge() {
            @Override
            public boolean wanted(String name) {
                return wanted.contains(name) || wanted.contains(Subscription.ALL);
            }

            @Override
            public @Nullable String objection(Resource<?> resource) {
                if (world.fixed(type).containsKey(resource.name())) {
                    return "name: the bootstrap has a " + type.word() + " of this name, and that one stays";
                }
                return objectionTo(resource, clustersKnown);
            }
        };
    }

    /** Why nothing can come from a source, or null. */
    @Nullable
    String unknown(ResourceSource source) {
        return transports.unknown(source);
    }

    /** Of a resource of the bootstrap. */
    @Nullable
    String own(Resource<?> resource) {
        return objectionTo(resource, true);
    }

    private @Nullable String objectionTo(Resource<?> resource, boolean clustersKnown) {
        for (Reference reference : resource.references()) {
            String unknown = transports.unknown(reference.to().source());
            if (unknown != null) {
                return reference.path().get() + ": " + unknown;
            }
            Named to = reference.to();
            if (to.source() instanceof ResourceSource.Static
                    && !world.fixed(to.type()).containsKey(to.name())) {
                return reference.path().get() + ": there is no " + to.type().word() + " `" + to.name()
                        + "` in static_resources";
            }
        }
        return clustersKnown && resource.clustersRequired() ? missingCluster(resource) : null;
    }

    private @Nullable String missingCluster(Resource<?> resource) {
        for (ClusterReference reference : resource.clusters()) {
            if (reference.required() && !world.clusterNames().contains(reference.cluster())) {
                return reference.path().get() + ": there is no cluster `" + reference.cluster() + "`";
            }
        }
        return null;
    }
}
