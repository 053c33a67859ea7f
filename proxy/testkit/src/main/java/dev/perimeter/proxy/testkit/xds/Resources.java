package dev.perimeter.proxy.testkit.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.EdsClusterConfig;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.net.InetSocketAddress;
import java.util.List;

/** The resources most stories need, as short as they can be. All addresses are on 127.0.0.1. */
public final class Resources {

    private Resources() {}

    /** An HTTP listener whose route table comes by RDS. */
    public static Listener httpListener(String name, int port, String routeTable) {
        return listener(
                name,
                port,
                manager()
                        .setRds(Rds.newBuilder().setRouteConfigName(routeTable).setConfigSource(ads()))
                        .build());
    }

    /** An HTTP listener that holds its route table. */
    public static Listener httpListener(String name, int port, RouteConfiguration routes) {
        return listener(name, port, manager().setRouteConfig(routes).build());
    }

    public static Listener tcpListener(String name, int port, String cluster) {
        return listener(
                name,
                port,
                TcpProxy.newBuilder().setStatPrefix(name).setCluster(cluster).build());
    }

    /** A listener with one network filter. */
    public static Listener listener(String name, int port, Message networkFilter) {
        return Listener.newBuilder()
                .setName(name)
                .setAddress(address(port))
                .addFilterChains(FilterChain.newBuilder()
                        .addFilters(Filter.newBuilder()
                                .setName(networkFilter.getDescriptorForType().getFullName())
                                .setTypedConfig(Any.pack(networkFilter))))
                .build();
    }

    /** A connection manager with the router alone; its routes are still to be given. */
    public static HttpConnectionManager.Builder manager() {
        return HttpConnectionManager.newBuilder().setStatPrefix("test").addHttpFilters(router());
    }

    public static HttpFilter router() {
        return HttpFilter.newBuilder()
                .setName("envoy.filters.http.router")
                .setTypedConfig(Any.pack(Router.getDefaultInstance()))
                .build();
    }

    /** One JSON line an exchange on standard output. */
    public static AccessLog accessLog(String field, String operator) {
        Struct format = Struct.newBuilder()
                .putFields(field, Value.newBuilder().setStringValue(operator).build())
                .build();
        return AccessLog.newBuilder()
                .setName("envoy.access_loggers.stdout")
                .setTypedConfig(Any.pack(StdoutAccessLog.newBuilder()
                        .setLogFormat(SubstitutionFormatString.newBuilder().setJsonFormat(format))
                        .build()))
                .build();
    }

    /** All requests of all hosts to one cluster. */
    public static RouteConfiguration routes(String name, String cluster) {
        return RouteConfiguration.newBuilder()
                .setName(name)
                .addVirtualHosts(
                        VirtualHost.newBuilder().setName("all").addDomains("*").addRoutes(route("/", cluster)))
                .build();
    }

    public static Route route(String prefix, String cluster) {
        return Route.newBuilder()
                .setMatch(RouteMatch.newBuilder().setPrefix(prefix))
                .setRoute(RouteAction.newBuilder().setCluster(cluster))
                .build();
    }

    /** A cluster whose endpoints come by EDS under its own name. */
    public static Cluster edsCluster(String name) {
        return Cluster.newBuilder()
                .setName(name)
                .setType(DiscoveryType.EDS)
                .setEdsClusterConfig(EdsClusterConfig.newBuilder().setEdsConfig(ads()))
                .setConnectTimeout(Duration.newBuilder().setSeconds(1))
                .build();
    }

    public static Cluster staticCluster(String name, int... ports) {
        return Cluster.newBuilder()
                .setName(name)
                .setType(DiscoveryType.STATIC)
                .setConnectTimeout(Duration.newBuilder().setSeconds(1))
                .setLoadAssignment(endpoints(name, ports))
                .build();
    }

    public static ClusterLoadAssignment endpoints(String name, int... ports) {
        LocalityLbEndpoints.Builder locality = LocalityLbEndpoints.newBuilder();
        for (int port : ports) {
            locality.addLbEndpoints(
                    LbEndpoint.newBuilder().setEndpoint(Endpoint.newBuilder().setAddress(address(port))));
        }
        return ClusterLoadAssignment.newBuilder()
                .setClusterName(name)
                .addEndpoints(locality)
                .build();
    }

    /** Endpoints that need not be on 127.0.0.1. */
    public static ClusterLoadAssignment endpoints(String name, List<InetSocketAddress> addresses) {
        LocalityLbEndpoints.Builder locality = LocalityLbEndpoints.newBuilder();
        for (InetSocketAddress address : addresses) {
            locality.addLbEndpoints(LbEndpoint.newBuilder()
                    .setEndpoint(Endpoint.newBuilder()
                            .setAddress(address(address.getAddress().getHostAddress(), address.getPort()))));
        }
        return ClusterLoadAssignment.newBuilder()
                .setClusterName(name)
                .addEndpoints(locality)
                .build();
    }

    public static Address address(int port) {
        return address("127.0.0.1", port);
    }

    public static Address address(String ip, int port) {
        return Address.newBuilder()
                .setSocketAddress(SocketAddress.newBuilder().setAddress(ip).setPortValue(port))
                .build();
    }

    public static ConfigSource ads() {
        return ConfigSource.newBuilder()
                .setAds(AggregatedConfigSource.getDefaultInstance())
                .build();
    }
}
