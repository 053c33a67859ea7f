package dev.perimeter.controlplane.translate;

import dev.perimeter.controlplane.contract.ResourceNames;
import dev.perimeter.controlplane.model.HttpRoute;
import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.model.MeshObject;
import dev.perimeter.controlplane.model.Service;
import dev.perimeter.controlplane.translate.attach.Attachments;
import dev.perimeter.controlplane.translate.listener.Listeners;
import dev.perimeter.controlplane.translate.route.Routes;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client without a proxy may ask for: an API listener for each service port, named as the client names its
 * target ({@code xds:///payment.shop:9090}), with routes of its own behind it.
 */
final class ProxylessTranslation {
    private final MeshConfig world;
    private final Attachments attachments;
    private final ProxyConfig.Builder config = new ProxyConfig.Builder();

    ProxylessTranslation(MeshConfig world, Attachments attachments) {
        this.world = world;
        this.attachments = attachments;
    }

    ProxyConfig translate() {
        for (Service service : world.all(Service.class)) {
            service.ports().forEach(port -> add(service, port));
        }
        OutboundServices.add(world, name -> true, true, config);
        return config.build();
    }

    private void add(Service service, Service.Port port) {
        String namespace = service.meta().namespace();
        String name = ResourceNames.apiListener(namespace, service.meta().name(), port.port());
        String cluster = ResourceNames.outboundCluster(namespace, service.meta().name(), port.port());
        List<HttpRoute> governing = attachments.at(service, port.port());
        VirtualHost.Builder host = VirtualHost.newBuilder().setName(name).addDomains("*");
        if (governing.isEmpty()) {
            host.addRoutes(Routes.everything(cluster, port.protocol()));
        } else {
            host.addAllRoutes(new Routes(attachments).of(governing));
        }
        List<MeshObject> causes = new ArrayList<>(governing);
        causes.add(service);
        config.listener(name, Listeners.api(name, name), List.of(service));
        config.routes(
                name,
                RouteConfiguration.newBuilder()
                        .setName(name)
                        .addVirtualHosts(host)
                        .build(),
                causes);
    }
}
