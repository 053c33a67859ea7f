package dev.perimeter.controlplane.translate;

import dev.perimeter.controlplane.contract.Ports;
import dev.perimeter.controlplane.contract.ResourceNames;
import dev.perimeter.controlplane.model.HttpRoute;
import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.model.MeshObject;
import dev.perimeter.controlplane.model.Service;
import dev.perimeter.controlplane.translate.attach.Attachments;
import dev.perimeter.controlplane.translate.cluster.Clusters;
import dev.perimeter.controlplane.translate.listener.Listeners;
import dev.perimeter.controlplane.translate.route.Routes;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the proxy beside a workload needs: a way out to every service, and a way in for each port of its own. */
final class SidecarTranslation {
    private final MeshConfig world;
    private final Attachments attachments;
    private final ProxyNode node;
    private final ProxyConfig.Builder config = new ProxyConfig.Builder();

    SidecarTranslation(MeshConfig world, Attachments attachments, ProxyNode node) {
        this.world = world;
        this.attachments = attachments;
        this.node = node;
    }

    ProxyConfig translate() {
        config.listener(
                ResourceNames.OUTBOUND,
                Listeners.outbound(
                        node.id(), ResourceNames.OUTBOUND, node.podIp(), Ports.OUTBOUND, ResourceNames.OUTBOUND),
                List.of());
        outboundRoutes();
        OutboundServices.add(world, name -> true, false, config);
        OwnPorts.of(world, node.id()).forEach(own -> Inbound.add(own, node, config));
        return config.build();
    }

    private void outboundRoutes() {
        RouteConfiguration.Builder routes = RouteConfiguration.newBuilder().setName(ResourceNames.OUTBOUND);
        Set<MeshObject> causes = new LinkedHashSet<>();
        for (Service service : world.all(Service.class)) {
            causes.add(service);
            for (Service.Port port : service.ports()) {
                causes.addAll(attachments.at(service, port.port()));
                routes.addVirtualHosts(virtualHost(service, port));
            }
        }
        config.routes(ResourceNames.OUTBOUND, routes.build(), causes);
    }

    /** What is inside a CONNECT to this port is treated as if it had come without one; if it is no HTTP, it is relayed. */
    private void tunnel(String tunnel, String cluster, Service service) {
        config.listener(tunnel, Listeners.tunnel(node.id(), tunnel, ResourceNames.OUTBOUND, cluster), List.of(service));
        config.cluster(tunnel, Clusters.internal(tunnel), List.of(service));
    }

    private VirtualHost virtualHost(Service service, Service.Port port) {
        String namespace = service.meta().namespace();
        String name = service.meta().name();
        String cluster = ResourceNames.outboundCluster(namespace, name, port.port());
        List<HttpRoute> governing = attachments.at(service, port.port());
        String tunnel = ResourceNames.tunnel(namespace, name, port.port());
        if (port.protocol().isHttp()) {
            tunnel(tunnel, cluster, service);
        }
        VirtualHost.Builder host = VirtualHost.newBuilder()
                .setName(namespace + "/" + name + ":" + port.port())
                .addAllDomains(domains(namespace, name, port.port()))
                .addRoutes(Routes.connect(port.protocol().isHttp() ? tunnel : cluster));
        if (port.protocol().isHttp()) {
            if (governing.isEmpty()) {
                host.addRoutes(Routes.everything(cluster, port.protocol()));
            } else {
                host.addAllRoutes(new Routes(attachments).of(governing));
            }
        }
        return host.build();
    }

    /** The names the service has on Kubernetes; the short one only for its own namespace, as DNS does it there. */
    private List<String> domains(String namespace, String name, int port) {
        List<String> hosts = new ArrayList<>();
        if (namespace.equals(node.id().namespace())) {
            hosts.add(name);
        }
        hosts.add(name + "." + namespace);
        hosts.add(name + "." + namespace + ".svc.cluster.local");
        List<String> domains = new ArrayList<>();
        for (String host : hosts) {
            domains.add(host + ":" + port);
            if (port == 80) {
                domains.add(host);
            }
        }
        return domains;
    }
}
