package dev.perimeter.controlplane.translate;

import dev.perimeter.controlplane.contract.ResourceNames;
import dev.perimeter.controlplane.model.Gateway;
import dev.perimeter.controlplane.model.HttpRoute;
import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.model.MeshObject;
import dev.perimeter.controlplane.translate.attach.Attachments;
import dev.perimeter.controlplane.translate.listener.Listeners;
import dev.perimeter.controlplane.translate.route.Routes;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a door of the mesh needs: its listeners, the routes that hang on them, and only the services those name. */
final class GatewayTranslation {
    /** Headers that tell what is behind the door, or who stands at it. */
    private static final List<String> KEPT_INSIDE =
            List.of("server", "via", "x-envoy-upstream-service-time", "x-powered-by", "x-proxy-reason");

    private final MeshConfig world;
    private final Attachments attachments;
    private final ProxyNode node;
    private final ProxyConfig.Builder config = new ProxyConfig.Builder();

    GatewayTranslation(MeshConfig world, Attachments attachments, ProxyNode node) {
        this.world = world;
        this.attachments = attachments;
        this.node = node;
    }

    Translation translate() {
        Gateway gateway = world.gateway(node.id().namespace(), node.id().name()).orElse(null);
        if (gateway == null) {
            return new Translation.Nothing("There is no Gateway " + node.id().namespace() + "/"
                    + node.id().name() + ", which the node id names.");
        }
        String refusal = attachments.refusal(gateway);
        if (refusal != null) {
            return new Translation.Nothing(gateway.key() + " is not accepted: " + refusal);
        }
        gateway.listeners().stream().map(Gateway.Listener::port).distinct().forEach(port -> door(gateway, port));
        OutboundServices.add(world, named(gateway)::contains, false, config);
        return new Translation.Config(config.build());
    }

    private void door(Gateway gateway, int port) {
        String name =
                ResourceNames.gateway(gateway.meta().namespace(), gateway.meta().name(), port);
        List<String> addresses = gateway.addresses().isEmpty() ? List.of("0.0.0.0") : gateway.addresses();
        for (String address : addresses) {
            // The first address keeps the plain name, so that a door with one address reads as it is expected.
            String listener = address.equals(addresses.getFirst()) ? name : name + "@" + address;
            config.listener(listener, Listeners.gateway(node.id(), listener, address, port, name), List.of(gateway));
        }
        Set<MeshObject> causes = new LinkedHashSet<>(List.of(gateway));
        config.routes(name, routes(gateway, port, name, causes), causes);
    }

    private RouteConfiguration routes(Gateway gateway, int port, String name, Set<MeshObject> causes) {
        Map<String, Set<HttpRoute>> byHost = new TreeMap<>();
        for (Attachments.AtListener at : attachments.at(gateway)) {
            if (at.listener().port() == port) {
                causes.add(at.route());
                at.hosts()
                        .forEach(host -> byHost.computeIfAbsent(host, key -> new LinkedHashSet<>())
                                .add(at.route()));
            }
        }
        Routes routes = new Routes(attachments);
        RouteConfiguration.Builder made = RouteConfiguration.newBuilder()
                .setName(name)
                // Hostnames of the Gateway API hold for every port, and clients send all but the scheme's own.
                .setIgnorePortInHostMatching(true)
                .addAllResponseHeadersToRemove(KEPT_INSIDE);
        byHost.forEach((host, hanging) -> made.addVirtualHosts(
                VirtualHost.newBuilder().setName(host).addDomains(host).addAllRoutes(routes.of(List.copyOf(hanging)))));
        return made.build();
    }

    private Set<String> named(Gateway gateway) {
        Set<String> names = new HashSet<>();
        for (Attachments.AtListener at : attachments.at(gateway)) {
            for (HttpRoute.Rule rule : at.route().rules()) {
                for (HttpRoute.Backend backend : rule.backends()) {
                    if (attachments.resolved(at.route(), backend)) {
                        names.add(
                                ResourceNames.outboundCluster(backend.namespace(), backend.service(), backend.port()));
                    }
                }
            }
        }
        return names;
    }
}
