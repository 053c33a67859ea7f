package dev.perimeter.proxy.xds.stream;

import static dev.perimeter.proxy.testkit.xds.Resources.endpoints;
import static dev.perimeter.proxy.testkit.xds.Resources.listener;
import static dev.perimeter.proxy.testkit.xds.Resources.manager;
import static dev.perimeter.proxy.testkit.xds.Resources.routes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.perimeter.proxy.snapshot.Snapshot;
import dev.perimeter.proxy.testkit.ExpectedWarnings;
import dev.perimeter.proxy.testkit.xds.Resources;
import dev.perimeter.proxy.xds.TestCatalogue;
import dev.perimeter.proxy.xds.control.Backoff;
import dev.perimeter.proxy.xds.control.SingleControlThread;
import dev.perimeter.proxy.xds.source.ResourceSource;
import dev.perimeter.proxy.xds.transport.ControlPlane;
import dev.perimeter.proxy.xds.transport.GrpcTransports;
import io.envoyproxy.controlplane.cache.NodeGroup;
import io.envoyproxy.controlplane.cache.v3.SimpleCache;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.EdsClusterConfig;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource.ApiType;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that others wrote: java-control-plane, in both variants, with one stream for all types and one for each. */
@ExpectedWarnings("AdsClient - no control plane at 127.0.0.1:")
class JavaControlPlaneTest {

    private static final String GROUP = "all";

    enum Way {
        ADS(false, true),
        ADS_DELTA(true, true),
        PER_TYPE(false, false),
        PER_TYPE_DELTA(true, false);

        final boolean delta;
        final boolean ads;

        Way(boolean delta, boolean ads) {
            this.delta = delta;
            this.ads = ads;
        }

        ResourceSource source() {
            return ads ? ResourceSource.ADS : new ResourceSource.Grpc("xds", delta);
        }

        ConfigSource config() {
            return ads
                    ? Resources.ads()
                    : ConfigSource.newBuilder()
                            .setResourceApiVersion(ApiVersion.V3)
                            .setApiConfigSource(ApiConfigSource.newBuilder()
                                    .setApiType(delta ? ApiType.DELTA_GRPC : ApiType.GRPC)
                                    .setTransportApiVersion(ApiVersion.V3)
                                    .addGrpcServices(GrpcService.newBuilder()
                                            .setEnvoyGrpc(GrpcService.EnvoyGrpc.newBuilder()
                                                    .setClusterName("xds"))))
                            .build();
        }
    }

    private volatile Snapshot latest = Snapshot.EMPTY;

    @ParameterizedTest
    @EnumSource
    void resources_addedChangedAndRemoved_areFollowed(Way way) throws Exception {
        SimpleCache<String> cache = new SimpleCache<>(new NodeGroup<>() {
            @Override
            public String hash(Node node) {
                return GROUP;
            }
        });
        V3DiscoveryServer discovery = new V3DiscoveryServer(cache);
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(discovery.getAggregatedDiscoveryServiceImpl())
                .addService(discovery.getClusterDiscoveryServiceImpl())
                .addService(discovery.getEndpointDiscoveryServiceImpl())
                .addService(discovery.getListenerDiscoveryServiceImpl())
                .addService(discovery.getRouteDiscoveryServiceImpl())
                .build()
                .start();
        cache.setSnapshot(GROUP, snapshot(way, "1", List.of("pay"), 8080));
        try (SingleControlThread control = new SingleControlThread();
                AdsClient client = client(way, server.getPort(), control)) {
            client.start();
            await().untilAsserted(() -> {
                assertThat(latest.clusters()).containsOnlyKeys("pay");
                assertThat(latest.endpointSets()).containsOnlyKeys(way.source().qualified("pay"));
                assertThat(latest.routeTables()).containsOnlyKeys(way.source().qualified("outbound"));
            });

            cache.setSnapshot(GROUP, snapshot(way, "2", List.of("pay", "ship"), 9090));
            await().untilAsserted(() -> {
                assertThat(latest.clusters()).containsOnlyKeys("pay", "ship");
                assertThat(latest.endpointSets().get(way.source().qualified("pay")))
                        .hasToString(latest.endpointSets()
                                .get(way.source().qualified("ship"))
                                .toString()
                                .replace("name=ship", "name=pay"));
            });

            cache.setSnapshot(GROUP, snapshot(way, "3", List.of("ship"), 9090));
            await().untilAsserted(() -> assertThat(latest.clusters()).containsOnlyKeys("ship"));
            assertThat(client.status().types().values())
                    .allSatisfy(type -> assertThat(type.refused()).isZero());
        } finally {
            server.shutdownNow().awaitTermination();
        }
    }

    private AdsClient client(Way way, int port, SingleControlThread control) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return new AdsClient(
                new Following(way.source(), way.source(), Map.of(), Map.of(), null),
                new GrpcTransports(
                        Map.of("xds", new ControlPlane("xds", List.of(address), ControlPlane.Keepalive.DEFAULT)),
                        new GrpcTransports.AdsServer("xds", way.delta),
                        Node.newBuilder().setId("sidecar~shop/payment-v1-0").build(),
                        file -> {
                            throw new AssertionError(file);
                        }),
                control,
                () -> new Backoff(Duration.ofMillis(20), Duration.ofMillis(100), new Random(1)),
                TestCatalogue.reader(),
                snapshot -> {
                    latest = snapshot;
                    return CompletableFuture.completedFuture(List.of());
                });
    }

    /** Requests go to the last of the clusters. */
    private static io.envoyproxy.controlplane.cache.v3.Snapshot snapshot(
            Way way, String version, List<String> clusters, int port) {
        Listener outbound = listener(
                "outbound",
                15001,
                manager()
                        .setRds(Rds.newBuilder().setRouteConfigName("outbound").setConfigSource(way.config()))
                        .build());
        Stream<Cluster> all = clusters.stream()
                .map(name -> Resources.edsCluster(name).toBuilder()
                        .setEdsClusterConfig(EdsClusterConfig.newBuilder().setEdsConfig(way.config()))
                        .build());
        List<ClusterLoadAssignment> sets =
                clusters.stream().map(name -> endpoints(name, port)).toList();
        List<RouteConfiguration> tables = List.of(routes("outbound", clusters.getLast()));
        return io.envoyproxy.controlplane.cache.v3.Snapshot.create(
                all.toList(), sets, List.of(outbound), tables, List.of(), version);
    }
}
