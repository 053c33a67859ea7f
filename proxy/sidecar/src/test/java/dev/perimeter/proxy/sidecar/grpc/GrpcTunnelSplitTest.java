package dev.perimeter.proxy.sidecar.grpc;

import static dev.perimeter.proxy.testkit.xds.Resources.ads;
import static dev.perimeter.proxy.testkit.xds.Resources.listener;
import static dev.perimeter.proxy.testkit.xds.Resources.manager;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import dev.perimeter.controlplane.contract.TypeUrl;
import dev.perimeter.proxy.sidecar.EmbeddedProxy;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.EnvoyInternalAddress;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.UpgradeConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.grpc.HttpConnectProxiedSocketAddress;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.TestServiceGrpc;
import io.grpc.testing.integration.TestServiceImpl;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Calls of one client through one tunnel, with the resources that a sidecar gets: the port's own internal listener behind
 * CONNECT, with the routes that hold outside of the tunnel too. Each call is routed on its own, though all of them are on
 * one connection.
 */
class GrpcTunnelSplitTest {

    private static final String TUNNEL = "tunnel/shop/payment:9090";
    private static final String OUTBOUND = "outbound";
    private static final int CALLS = 100;

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(1);
    private final FakeControlPlane controlPlane = FakeControlPlane.start();
    private final Version one = new Version();
    private final Version two = new Version();
    private EmbeddedProxy proxy;
    private ManagedChannel channel;

    /** A server that counts its calls and the connections they came on. */
    private final class Version implements ServerInterceptor {

        private final AtomicInteger calls = new AtomicInteger();
        private Server server;

        void start() throws Exception {
            server = NettyServerBuilder.forAddress(
                            new InetSocketAddress("127.0.0.1", 0), InsecureServerCredentials.create())
                    .addService(new TestServiceImpl(threads))
                    .intercept(this)
                    .build()
                    .start();
        }

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            calls.incrementAndGet();
            return next.startCall(call, headers);
        }
    }

    @BeforeEach
    void start() throws Exception {
        one.start();
        two.start();
        proxy = EmbeddedProxy.following(controlPlane.port());
        controlPlane.publish(
                TypeUrl.CLUSTER,
                "c1",
                grpc("outbound/shop/payment:9090", one),
                grpc("outbound/shop/payment-v2:9090", two),
                internal());
        controlPlane.publish(TypeUrl.ROUTE_CONFIGURATION, "r1", routes());
        controlPlane.publish(TypeUrl.LISTENER, "l1", outbound(), tunnel());
        proxy.awaitReady();
        channel = NettyChannelBuilder.forAddress("payment.shop", 9090)
                .usePlaintext()
                .proxyDetector(target -> HttpConnectProxiedSocketAddress.newBuilder()
                        .setTargetAddress((InetSocketAddress) target)
                        .setProxyAddress(proxy.listener(OUTBOUND))
                        .build())
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        proxy.close();
        controlPlane.close();
        one.server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        two.server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        threads.shutdownNow();
    }

    private static Cluster grpc(String name, Version version) {
        HttpProtocolOptions http2 = HttpProtocolOptions.newBuilder()
                .setExplicitHttpConfig(ExplicitHttpConfig.newBuilder()
                        .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance()))
                .build();
        return staticCluster(name, version.server.getPort()).toBuilder()
                .putTypedExtensionProtocolOptions(
                        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", Any.pack(http2))
                .build();
    }

    private static Cluster internal() {
        Cluster.Builder cluster = staticCluster(TUNNEL, 1).toBuilder();
        cluster.getLoadAssignmentBuilder()
                .getEndpointsBuilder(0)
                .getLbEndpointsBuilder(0)
                .getEndpointBuilder()
                .setAddress(Address.newBuilder()
                        .setEnvoyInternalAddress(
                                EnvoyInternalAddress.newBuilder().setServerListenerName(TUNNEL)));
        return cluster.build();
    }

    /** CONNECT leads into the tunnel; a call that asks for the second version gets it, all others are split in halves. */
    private static RouteConfiguration routes() {
        Route connect = Route.newBuilder()
                .setMatch(RouteMatch.newBuilder().setConnectMatcher(RouteMatch.ConnectMatcher.getDefaultInstance()))
                .setRoute(RouteAction.newBuilder()
                        .setCluster(TUNNEL)
                        .addUpgradeConfigs(RouteAction.UpgradeConfig.newBuilder()
                                .setUpgradeType("CONNECT")
                                .setConnectConfig(RouteAction.UpgradeConfig.ConnectConfig.getDefaultInstance())))
                .build();
        Route asked = Route.newBuilder()
                .setMatch(RouteMatch.newBuilder()
                        .setPrefix("/")
                        .addHeaders(HeaderMatcher.newBuilder()
                                .setName("x-version")
                                .setStringMatch(StringMatcher.newBuilder().setExact("2"))))
                .setRoute(RouteAction.newBuilder().setCluster("outbound/shop/payment-v2:9090"))
                .build();
        Route halves = Route.newBuilder()
                .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                .setRoute(RouteAction.newBuilder()
                        .setWeightedClusters(WeightedCluster.newBuilder()
                                .addClusters(half("outbound/shop/payment:9090"))
                                .addClusters(half("outbound/shop/payment-v2:9090"))))
                .build();
        return RouteConfiguration.newBuilder()
                .setName(OUTBOUND)
                .addVirtualHosts(VirtualHost.newBuilder()
                        .setName("shop/payment:9090")
                        .addDomains("payment.shop:9090")
                        .addRoutes(connect)
                        .addRoutes(asked)
                        .addRoutes(halves))
                .build();
    }

    private static WeightedCluster.ClusterWeight half(String cluster) {
        return WeightedCluster.ClusterWeight.newBuilder()
                .setName(cluster)
                .setWeight(UInt32Value.of(50))
                .build();
    }

    private static HttpConnectionManager.Builder byRoutes() {
        return manager().setRds(Rds.newBuilder().setRouteConfigName(OUTBOUND).setConfigSource(ads()));
    }

    private static Listener outbound() {
        return listener(
                OUTBOUND,
                0,
                byRoutes()
                        .addUpgradeConfigs(UpgradeConfig.newBuilder().setUpgradeType("CONNECT"))
                        .build());
    }

    private static Listener tunnel() {
        TcpProxy relay = TcpProxy.newBuilder()
                .setStatPrefix(TUNNEL)
                .setCluster("outbound/shop/payment:9090")
                .build();
        return Listener.newBuilder()
                .setName(TUNNEL)
                .setInternalListener(Listener.InternalListenerConfig.getDefaultInstance())
                .setListenerFiltersTimeout(Duration.newBuilder().setSeconds(5))
                .setContinueOnListenerFiltersTimeout(true)
                .addListenerFilters(ListenerFilter.newBuilder()
                        .setName("envoy.filters.listener.http_inspector")
                        .setTypedConfig(Any.pack(HttpInspector.getDefaultInstance())))
                .addFilterChains(FilterChain.newBuilder()
                        .setName("http")
                        .setFilterChainMatch(FilterChainMatch.newBuilder()
                                .addApplicationProtocols("http/1.1")
                                .addApplicationProtocols("h2c"))
                        .addFilters(Filter.newBuilder()
                                .setName("envoy.filters.network.http_connection_manager")
                                .setTypedConfig(Any.pack(byRoutes().build()))))
                .setDefaultFilterChain(FilterChain.newBuilder()
                        .setName("bytes")
                        .addFilters(Filter.newBuilder()
                                .setName("envoy.filters.network.tcp_proxy")
                                .setTypedConfig(Any.pack(relay))))
                .build();
    }

    private void call(String version) {
        Metadata headers = new Metadata();
        if (!version.isEmpty()) {
            headers.put(Metadata.Key.of("x-version", Metadata.ASCII_STRING_MARSHALLER), version);
        }
        TestServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .withDeadlineAfter(15, TimeUnit.SECONDS)
                .unaryCall(SimpleRequest.newBuilder().setResponseSize(100).build());
    }

    @Test
    void calls_inOneTunnel_areSplitByWeight_andEachByItsOwnHeaders() throws Exception {
        for (int i = 0; i < CALLS; i++) {
            call("");
        }
        assertThat(one.calls.get() + two.calls.get()).isEqualTo(CALLS);
        // Halves by chance: less than 20 of 100 comes once in a thousand million times.
        assertThat(one.calls.get()).isBetween(20, 80);

        int before = two.calls.get();
        int other = one.calls.get();
        for (int i = 0; i < 10; i++) {
            call("2");
        }
        assertThat(two.calls.get()).isEqualTo(before + 10);
        assertThat(one.calls.get()).isEqualTo(other);
        assertThat(proxy.admin("/stats/prometheus").body())
                .as("one connection, and so one tunnel")
                .contains("envoy_listener_downstream_cx_total{envoy_listener=\"outbound\"} 1\n");
    }
}
