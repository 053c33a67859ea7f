package dev.perimeter.proxy.sidecar.grpc;

import static dev.perimeter.proxy.testkit.xds.Resources.accessLog;
import static dev.perimeter.proxy.testkit.xds.Resources.listener;
import static dev.perimeter.proxy.testkit.xds.Resources.manager;
import static dev.perimeter.proxy.testkit.xds.Resources.routes;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.perimeter.controlplane.contract.TypeUrl;
import dev.perimeter.proxy.sidecar.EmbeddedProxy;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.EnvoyInternalAddress;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.UpgradeConfig;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import io.grpc.HttpConnectProxiedSocketAddress;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.integration.Messages.Payload;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.Messages.StreamingInputCallRequest;
import io.grpc.testing.integration.Messages.StreamingInputCallResponse;
import io.grpc.testing.integration.TestServiceGrpc;
import io.grpc.testing.integration.TestServiceImpl;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A gRPC client that was told of a proxy sends {@code CONNECT} and speaks HTTP/2 in the tunnel: a listener inside the
 * proxy sees the calls.
 */
class GrpcTunnelTest {

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(1);
    private final FakeControlPlane controlPlane = FakeControlPlane.start();
    private Server server;
    private EmbeddedProxy proxy;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        server = NettyServerBuilder.forAddress(
                        new InetSocketAddress("127.0.0.1", 0), InsecureServerCredentials.create())
                .addService(new TestServiceImpl(threads))
                .build()
                .start();
        proxy = EmbeddedProxy.following(controlPlane.port());
        controlPlane.publish(TypeUrl.CLUSTER, "c1", grpcServer(), inside());
        controlPlane.publish(TypeUrl.LISTENER, "l1", door(), internalListener());
        proxy.awaitReady();
        channel = NettyChannelBuilder.forAddress("payment.shop", 9090)
                .usePlaintext()
                .proxyDetector(target -> HttpConnectProxiedSocketAddress.newBuilder()
                        .setTargetAddress((InetSocketAddress) target)
                        .setProxyAddress(proxy.listener("door"))
                        .build())
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        proxy.close();
        controlPlane.close();
        server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        threads.shutdownNow();
    }

    private Cluster grpcServer() {
        HttpProtocolOptions http2 = HttpProtocolOptions.newBuilder()
                .setExplicitHttpConfig(ExplicitHttpConfig.newBuilder()
                        .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance()))
                .build();
        return staticCluster("payment", server.getPort()).toBuilder()
                .putTypedExtensionProtocolOptions(
                        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", Any.pack(http2))
                .build();
    }

    private static Cluster inside() {
        Cluster.Builder cluster = staticCluster("inside", 1).toBuilder();
        cluster.getLoadAssignmentBuilder()
                .getEndpointsBuilder(0)
                .getLbEndpointsBuilder(0)
                .getEndpointBuilder()
                .setAddress(Address.newBuilder()
                        .setEnvoyInternalAddress(
                                EnvoyInternalAddress.newBuilder().setServerListenerName("inside")));
        return cluster.build();
    }

    /** Takes CONNECT and nothing else. */
    private static Listener door() {
        RouteAction tunnel = RouteAction.newBuilder()
                .setCluster("inside")
                .addUpgradeConfigs(RouteAction.UpgradeConfig.newBuilder()
                        .setUpgradeType("CONNECT")
                        .setConnectConfig(RouteAction.UpgradeConfig.ConnectConfig.getDefaultInstance()))
                .build();
        Route route = Route.newBuilder()
                .setMatch(RouteMatch.newBuilder().setConnectMatcher(RouteMatch.ConnectMatcher.getDefaultInstance()))
                .setRoute(tunnel)
                .build();
        RouteConfiguration routes = RouteConfiguration.newBuilder()
                .setName("door")
                .addVirtualHosts(
                        VirtualHost.newBuilder().setName("all").addDomains("*").addRoutes(route))
                .build();
        return listener(
                "door",
                0,
                manager()
                        .addUpgradeConfigs(UpgradeConfig.newBuilder().setUpgradeType("CONNECT"))
                        .setRouteConfig(routes)
                        .build());
    }

    private static Listener internalListener() {
        return listener(
                        "inside",
                        0,
                        manager()
                                .setRouteConfig(routes("inside", "payment"))
                                .addAccessLog(accessLog("call", "%PROTOCOL% %REQ(:PATH)% %TRAILER(grpc-status)%"))
                                .build())
                .toBuilder()
                .clearAddress()
                .setInternalListener(Listener.InternalListenerConfig.getDefaultInstance())
                .addListenerFilters(ListenerFilter.newBuilder()
                        .setName("envoy.filters.listener.http_inspector")
                        .setTypedConfig(Any.pack(HttpInspector.getDefaultInstance())))
                .setListenerFiltersTimeout(Duration.newBuilder().setSeconds(5))
                .setContinueOnListenerFiltersTimeout(true)
                .build();
    }

    @Test
    void calls_inTheTunnel_areSeenAsHttp2() throws Exception {
        TestServiceGrpc.TestServiceBlockingStub stub =
                TestServiceGrpc.newBlockingStub(channel).withDeadlineAfter(15, TimeUnit.SECONDS);
        for (int i = 0; i < 10; i++) {
            SimpleRequest request = SimpleRequest.newBuilder()
                    .setResponseSize(200_000)
                    .setPayload(payload(100_000))
                    .build();
            assertThat(stub.unaryCall(request).getPayload().getBody().size()).isEqualTo(200_000);
        }
        await().untilAsserted(() -> assertThat(proxy.accessLog().lines())
                .filteredOn(line -> line.contains("HTTP/2 /grpc.testing.TestService/UnaryCall 0"))
                .hasSize(10));
    }

    @Test
    void streams_inTheTunnel_endWithTheirTrailers() throws Exception {
        GrpcReplies<StreamingInputCallResponse> replies = new GrpcReplies<>();
        StreamObserver<StreamingInputCallRequest> requests = TestServiceGrpc.newStub(channel)
                .withDeadlineAfter(15, TimeUnit.SECONDS)
                .streamingInputCall(replies);
        for (int i = 0; i < 50; i++) {
            requests.onNext(StreamingInputCallRequest.newBuilder()
                    .setPayload(payload(10_000))
                    .build());
        }
        requests.onCompleted();
        assertThat(replies.next().getAggregatedPayloadSize()).isEqualTo(500_000);
        assertThat(replies.status().isOk()).isTrue();
    }

    private static Payload payload(int size) {
        return Payload.newBuilder().setBody(ByteString.copyFrom(new byte[size])).build();
    }
}
