package dev.perimeter.controlplane.translate;

import dev.perimeter.controlplane.contract.ResourceNames;
import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.model.MeshObject;
import dev.perimeter.controlplane.model.Service;
import dev.perimeter.controlplane.translate.cluster.Clusters;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The services of the mesh as clusters with endpoints: the same for whoever calls them. */
final class OutboundServices {
    private OutboundServices() {}

    /**
     * Adds the ports' clusters and endpoints.
     *
     * @param wanted which clusters, by name
     * @param weighted see {@link Clusters#endpoints}
     */
    static void add(MeshConfig world, Predicate<String> wanted, boolean weighted, ProxyConfig.Builder config) {
        for (Service service : world.all(Service.class)) {
            List<MeshObject> placed = new ArrayList<>(world.slicesOf(service));
            placed.add(service);
            for (Service.Port port : service.ports()) {
                String name = ResourceNames.outboundCluster(
                        service.meta().namespace(), service.meta().name(), port.port());
                if (wanted.test(name)) {
                    config.cluster(name, Clusters.outbound(name, port.protocol()), List.of(service));
                    config.endpoints(name, Clusters.endpoints(name, port, world.slicesOf(service), weighted), placed);
                }
            }
        }
    }
}
