package dev.perimeter.controlplane.translate.listener;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import dev.perimeter.controlplane.contract.FilterName;
import dev.perimeter.controlplane.contract.NodeId;
import dev.perimeter.controlplane.translate.cluster.Sources;
import io.envoyproxy.envoy.config.listener.v3.ApiListener;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.Listener.InternalListenerConfig;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;

/** Makes the listeners. */
public final class Listeners {
    /** Where the server speaks first, nobody else will; HTTP clients have spoken long before. */
    private static final Duration SPEAKS_FIRST = Durations.fromSeconds(1);

    private Listeners() {}

    /** Where the application's own calls arrive. */
    public static Listener outbound(NodeId proxy, String name, String address, int port, String routes) {
        return http(name, address, port, ConnectionManagers.outbound(proxy, name, routes));
    }

    /** Where HTTP for the application arrives. */
    public static Listener inboundHttp(NodeId proxy, String name, String address, int port, RouteConfiguration routes) {
        return http(name, address, port, ConnectionManagers.inbound(proxy, name, routes));
    }

    /** Where anything else for the application arrives. */
    public static Listener inboundTcp(NodeId proxy, String name, String address, int port, String cluster) {
        TcpProxy relay = TcpProxy.newBuilder()
                .setStatPrefix(name)
                .setCluster(cluster)
                .addAccessLog(AccessLogs.of(proxy, name, Direction.INBOUND))
                .build();
        return socket(name, address, port, FilterName.TCP_PROXY, Any.pack(relay));
    }

    /**
     * Where a CONNECT of the application ends inside the proxy: HTTP in it takes the routes of all calls, anything else
     * is relayed to {@code cluster}; TLS of the application's own is such a thing. It has no socket; a cluster with its
     * name as address leads to it.
     */
    public static Listener tunnel(NodeId proxy, String name, String routes, String cluster) {
        TcpProxy relay = TcpProxy.newBuilder()
                .setStatPrefix(name)
                .setCluster(cluster)
                .addAccessLog(AccessLogs.of(proxy, name, Direction.OUTBOUND))
                .build();
        return Listener.newBuilder()
                .setName(name)
                .setInternalListener(InternalListenerConfig.getDefaultInstance())
                .setListenerFiltersTimeout(SPEAKS_FIRST)
                .setContinueOnListenerFiltersTimeout(true)
                .addListenerFilters(ListenerFilter.newBuilder()
                        .setName(FilterName.HTTP_INSPECTOR)
                        .setTypedConfig(Any.pack(HttpInspector.getDefaultInstance())))
                .addFilterChains(FilterChain.newBuilder()
                        .setName("http")
                        .setFilterChainMatch(FilterChainMatch.newBuilder()
                                .addApplicationProtocols("http/1.0")
                                .addApplicationProtocols("http/1.1")
                                .addApplicationProtocols("h2c"))
                        .addFilters(filter(
                                FilterName.HTTP_CONNECTION_MANAGER, ConnectionManagers.tunnelled(proxy, name, routes))))
                .setDefaultFilterChain(FilterChain.newBuilder()
                        .setName("bytes")
                        .addFilters(filter(FilterName.TCP_PROXY, Any.pack(relay))))
                .build();
    }

    private static Filter filter(String name, Any config) {
        return Filter.newBuilder().setName(name).setTypedConfig(config).build();
    }

    /** A door of the mesh. */
    public static Listener gateway(NodeId proxy, String name, String address, int port, String routes) {
        return http(name, address, port, ConnectionManagers.gateway(proxy, name, routes));
    }

    /** What a client without a proxy gets in place of a listener. */
    public static Listener api(String name, String routes) {
        return Listener.newBuilder()
                .setName(name)
                .setApiListener(ApiListener.newBuilder().setApiListener(ConnectionManagers.api(routes)))
                .build();
    }

    private static Listener http(String name, String address, int port, Any manager) {
        return socket(name, address, port, FilterName.HTTP_CONNECTION_MANAGER, manager);
    }

    private static Listener socket(String name, String address, int port, String filter, Any config) {
        return Listener.newBuilder()
                .setName(name)
                .setAddress(Sources.socket(address, port))
                .addFilterChains(FilterChain.newBuilder().addFilters(filter(filter, config)))
                .build();
    }
}
