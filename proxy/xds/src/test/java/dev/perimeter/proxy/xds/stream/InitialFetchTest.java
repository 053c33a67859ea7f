package dev.perimeter.proxy.xds.stream;

import static dev.perimeter.proxy.testkit.xds.Resources.ads;
import static dev.perimeter.proxy.testkit.xds.Resources.edsCluster;
import static dev.perimeter.proxy.testkit.xds.Resources.endpoints;
import static dev.perimeter.proxy.testkit.xds.Resources.httpListener;
import static dev.perimeter.proxy.testkit.xds.Resources.routes;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static dev.perimeter.proxy.testkit.xds.Resources.tcpListener;
import static dev.perimeter.proxy.xds.source.ResourceType.CLUSTER;
import static dev.perimeter.proxy.xds.source.ResourceType.ENDPOINTS;
import static dev.perimeter.proxy.xds.source.ResourceType.LISTENER;
import static dev.perimeter.proxy.xds.source.ResourceType.ROUTE_TABLE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.perimeter.proxy.snapshot.Snapshot;
import dev.perimeter.proxy.testkit.ExpectedWarnings;
import dev.perimeter.proxy.xds.TestCatalogue;
import dev.perimeter.proxy.xds.control.Backoff;
import dev.perimeter.proxy.xds.source.ResourceSource;
import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.stream.ScriptedTransport.Attempt;
import dev.perimeter.proxy.xds.transport.Transports;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a listener or a cluster names is waited for as long as its source says ({@code initial_fetch_timeout}). */
@ExpectedWarnings({
    "AdsClient - the endpoints of `pay` did not come within 3 s",
    "AdsClient - the endpoints of `pay` did not come within 40 s",
    "AdsClient - route table `in` did not come within 0.5 s",
    "AdsClient - secret `own` did not come within 2 s",
    "AdsClient - going on without clusters of the control plane, which has not said any",
    "AdsClient - going on without listeners of the control plane, which has not said any",
    "AdsClient - no control plane at 127.1.1.1:15010: "
})
class InitialFetchTest {

    private final ManualControl control = new ManualControl();
    private final ScriptedTransport transport = new ScriptedTransport();
    private final List<Snapshot> applied = new ArrayList<>();
    private AdsClient client;

    @BeforeEach
    void start() {
        start(Following.ADS);
    }

    private void start(Following following) {
        client = new AdsClient(
                following,
                Transports.onlyAds(transport),
                control,
                () -> new Backoff(Duration.ofMillis(250), Duration.ofSeconds(5), new Random(1)),
                TestCatalogue.reader(),
                snapshot -> {
                    applied.add(snapshot);
                    return CompletableFuture.completedFuture(List.of());
                });
        client.start();
        control.runAll();
    }

    private static ConfigSource waiting(Duration longest) {
        return ads().toBuilder()
                .setInitialFetchTimeout(com.google.protobuf.Duration.newBuilder()
                        .setSeconds(longest.getSeconds())
                        .setNanos(longest.getNano()))
                .build();
    }

    private static Cluster cluster(String name, String service, Duration longest) {
        Cluster.Builder cluster = edsCluster(name).toBuilder();
        cluster.getEdsClusterConfigBuilder().setServiceName(service).setEdsConfig(waiting(longest));
        return cluster.build();
    }

    /** The moment at which something was served, from now. */
    private void servedAfter(Duration wait) {
        control.pass(wait.minusMillis(1));
        assertThat(applied).isEmpty();
        control.pass(Duration.ofMillis(1));
        assertThat(applied).hasSize(1);
    }

    @Test
    void endpoints_areWaitedForAsLongAsTheirSourceSays() {
        Attempt stream = transport.latest();
        stream.answer(CLUSTER, "c1", cluster("pay", "pay", Duration.ofSeconds(3)));
        stream.answer(LISTENER, "l1", tcpListener("tcp", 9090, "pay"));
        servedAfter(Duration.ofSeconds(3));
        assertThat(applied.getLast().endpointSets().get("pay").endpoints()).isEmpty();
    }

    @Test
    void zero_isWithoutEnd() {
        Attempt stream = transport.latest();
        stream.answer(CLUSTER, "c1", cluster("pay", "pay", Duration.ZERO));
        stream.answer(LISTENER, "l1", tcpListener("tcp", 9090, "pay"));
        control.pass(Duration.ofDays(1));
        assertThat(applied).isEmpty();
        stream.answer(ENDPOINTS, "e1", endpoints("pay", 9090));
        control.runAll();
        assertThat(applied.getLast().endpointSets().get("pay").endpoints()).hasSize(1);
    }

    @Test
    void namedTwice_isWaitedForAsLongAsTheMorePatientSays() {
        Attempt stream = transport.latest();
        stream.answer(
                CLUSTER,
                "c1",
                cluster("one", "pay", Duration.ofSeconds(40)),
                cluster("two", "pay", Duration.ofSeconds(3)));
        stream.answer(LISTENER, "l1", tcpListener("tcp", 9090, "one"));
        servedAfter(Duration.ofSeconds(40));
    }

    @Test
    void routeTable_isWaitedForAsLongAsItsSourceSays_andEachWaitIsItsOwn() throws Exception {
        Listener.Builder in = httpListener("in", 15001, "in").toBuilder();
        change(in, Duration.ofMillis(500));
        Attempt stream = transport.latest();
        stream.answer(CLUSTER, "c1", cluster("pay", "pay", Duration.ofSeconds(3)));
        stream.answer(LISTENER, "l1", in.build());
        servedAfter(Duration.ofSeconds(3));
        assertThat(applied.getLast().routeTables().get("in").virtualHosts()).isEmpty();
        assertThat(client.status().givenUp()).containsExactlyInAnyOrder("route table `in`", "the endpoints of `pay`");

        stream.answer(ROUTE_TABLE, "r1", routes("in", "pay"));
        control.runAll();
        assertThat(applied.getLast().routeTables().get("in").virtualHosts()).hasSize(1);
    }

    private static void change(Listener.Builder listener, Duration longest) throws InvalidProtocolBufferException {
        var filter = listener.getFilterChainsBuilder(0).getFiltersBuilder(0);
        HttpConnectionManager.Builder manager = filter.getTypedConfig().unpack(HttpConnectionManager.class).toBuilder();
        manager.getRdsBuilder().setConfigSource(waiting(longest));
        filter.setTypedConfig(Any.pack(manager.build()));
    }

    @Test
    void secret_isWaitedForAsLongAsItsSourceSays() {
        Listener.Builder in = tcpListener("tcp", 9090, "pay").toBuilder();
        in.getFilterChainsBuilder(0)
                .setTransportSocket(TransportSocket.newBuilder()
                        .setName("tls")
                        .setTypedConfig(Any.pack(DownstreamTlsContext.newBuilder()
                                .setCommonTlsContext(CommonTlsContext.newBuilder()
                                        .addTlsCertificateSdsSecretConfigs(SdsSecretConfig.newBuilder()
                                                .setName("own")
                                                .setSdsConfig(waiting(Duration.ofSeconds(2)))))
                                .build())));
        Attempt stream = transport.latest();
        stream.answer(CLUSTER, "c1", staticCluster("pay", 9090));
        stream.answer(LISTENER, "l1", in.build());
        servedAfter(Duration.ofSeconds(2));
        assertThat(applied.getLast().secrets()).isEmpty();
    }

    /** Follows ADS beside a listener and its cluster in the bootstrap. */
    private void startWithStatic(Map<ResourceType, Duration> firstWaits) {
        client.close();
        control.runAll();
        start(new Following(
                ResourceSource.ADS,
                ResourceSource.ADS,
                firstWaits,
                Map.of(
                        CLUSTER,
                        List.of(Any.pack(staticCluster("pay", 9090))),
                        LISTENER,
                        List.of(Any.pack(tcpListener("tcp", 9090, "pay")))),
                null));
    }

    @Test
    void silentControlPlane_isWaitedForOnlySoLong_ifThereIsSomethingToServe() {
        startWithStatic(Map.of());
        servedAfter(Duration.ofSeconds(15));
        assertThat(applied.getLast().listeners()).containsOnlyKeys("tcp");

        Attempt stream = transport.latest();
        stream.answer(CLUSTER, "c1", staticCluster("other", 1));
        stream.answer(LISTENER, "l1", tcpListener("late", 9091, "other"));
        control.runAll();
        assertThat(applied.getLast().listeners()).containsOnlyKeys("tcp", "late");
    }

    @Test
    void unreachableControlPlane_isWaitedForAsLongAsItsSourcesSay() {
        startWithStatic(Map.of(CLUSTER, Duration.ofSeconds(1), LISTENER, Duration.ofSeconds(4)));
        transport.latest().events.ended("connection refused");
        servedAfter(Duration.ofSeconds(4));
    }

    @Test
    void zeroForClustersOrListeners_isWithoutEnd() {
        startWithStatic(Map.of(LISTENER, Duration.ZERO));
        control.pass(Duration.ofDays(1));
        assertThat(applied).isEmpty();
    }

    @Test
    void nothingToServe_isNoReasonToGoOn() {
        control.pass(Duration.ofDays(1));
        assertThat(applied).isEmpty();
    }

    @Test
    void waitThatGetsShorter_countsFromItsBeginning() {
        Attempt stream = transport.latest();
        stream.answer(CLUSTER, "c1", cluster("pay", "pay", Duration.ZERO));
        stream.answer(LISTENER, "l1", tcpListener("tcp", 9090, "pay"));
        control.pass(Duration.ofSeconds(2));
        stream.answer(CLUSTER, "c2", cluster("pay", "pay", Duration.ofSeconds(3)));
        control.runAll();
        servedAfter(Duration.ofSeconds(1));
    }
}
