package dev.perimeter.controlplane.translate;

import dev.perimeter.controlplane.contract.ResourceNames;
import dev.perimeter.controlplane.model.AppProtocol;
import dev.perimeter.controlplane.translate.cluster.Clusters;
import dev.perimeter.controlplane.translate.listener.Listeners;
import dev.perimeter.controlplane.translate.route.Routes;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;

/** The way in to one port of the workload beside the proxy. */
final class Inbound {
    private Inbound() {}

    static void add(OwnPorts.OwnPort own, ProxyNode node, ProxyConfig.Builder config) {
        String name = ResourceNames.inbound(own.port());
        Listener listener = own.protocol().isHttp()
                ? Listeners.inboundHttp(node.id(), name, node.podIp(), own.port(), routes(name, own.protocol()))
                : Listeners.inboundTcp(node.id(), name, node.podIp(), own.port(), name);
        config.listener(name, listener, own.causes());
        config.cluster(name, Clusters.inbound(name, node.appAddress(), own.port(), own.protocol()), own.causes());
    }

    private static RouteConfiguration routes(String name, AppProtocol protocol) {
        return RouteConfiguration.newBuilder()
                .setName(name)
                .addVirtualHosts(VirtualHost.newBuilder()
                        .setName(name)
                        .addDomains("*")
                        .addRoutes(Routes.everything(name, protocol)))
                .build();
    }
}
