package dev.perimeter.controlplane.discovery;

import static dev.perimeter.controlplane.discovery.ResourceType.CLUSTERS;
import static dev.perimeter.controlplane.discovery.ResourceType.ENDPOINTS;
import static dev.perimeter.controlplane.discovery.ResourceType.LISTENERS;
import static dev.perimeter.controlplane.discovery.ResourceType.ROUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.proxy.testkit.ExpectedWarnings;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@ExpectedWarnings("Connection - gateway~shop/gateway NACK (routes|clusters): ")
class AdsServerTest {
    private static final String ROUTES_OF_DOOR = "gateway/shop/gateway/8080";

    private Discovery discovery;
    private AdsServer server;
    private AdsClient proxy;

    @BeforeEach
    void start() throws IOException {
        discovery = new Discovery();
        server = AdsServer.start(new InetSocketAddress("127.0.0.1", 0), discovery);
        publish("a", "127.1.4.1", "/orders");
        proxy = AdsClient.gateway(server.port());
    }

    @AfterEach
    void stop() {
        proxy.close();
        server.close();
        discovery.close();
    }

    @Test
    void proxyThatConnects_getsClustersEndpointsListenersRoutes() throws InterruptedException {
        DiscoveryResponse clusters = proxy.ask(CLUSTERS).next(CLUSTERS);
        proxy.ask(ENDPOINTS, cluster("a")).ask(LISTENERS).ack(clusters);
        proxy.nextAcked(ENDPOINTS, cluster("a"));
        DiscoveryResponse listeners = proxy.nextAcked(LISTENERS);
        DiscoveryResponse routes = proxy.ask(ROUTES, ROUTES_OF_DOOR).nextAcked(ROUTES, ROUTES_OF_DOOR);

        assertThat(List.of(clusters, listeners, routes)).allSatisfy(response -> {
            assertThat(response.getResourcesCount()).isEqualTo(1);
            assertThat(response.getVersionInfo()).matches("[0-9a-f]{16}");
        });
        await().untilAsserted(() -> assertThat(view().types().values())
                .hasSize(4)
                .allSatisfy(type -> assertThat(type.acked()).isEqualTo(type.sent())));
    }

    @Test
    void changedEndpoints_areAllThatIsSent() throws InterruptedException {
        settle("a");

        publish("a", "127.1.4.9", "/orders");

        DiscoveryResponse endpoints = proxy.nextAcked(ENDPOINTS, cluster("a"));
        assertThat(endpoints.getResourcesCount()).isEqualTo(1);
        heardEverything();
        proxy.expectNothing();
    }

    @Test
    void worldPublishedAgainUnchanged_isNotSent() throws InterruptedException {
        settle("a");

        publish("a", "127.1.4.1", "/orders");

        heardEverything();
        proxy.expectNothing();
    }

    @Test
    void routeMovedToAnotherService_clusterIsMadeBeforeAndBrokenAfter() throws Exception {
        settle("a");

        publish("b", "127.1.5.1", "/orders");

        DiscoveryResponse both = proxy.next(CLUSTERS);
        assertThat(clusterNames(both)).containsExactly(cluster("a"), cluster("b"));
        proxy.ask(ENDPOINTS); // without the nonce of the last response: too old to count
        proxy.ack(both);
        DiscoveryResponse routes = proxy.next(ROUTES);
        heardEverything();
        proxy.expectNothing();
        proxy.ack(routes, ROUTES_OF_DOOR);
        assertThat(clusterNames(proxy.nextAcked(CLUSTERS))).containsExactly(cluster("b"));
    }

    @Test
    void refusedVersion_isNeverSentAgain_andTheSentenceIsKnownWithTheObjectToBlame() throws Exception {
        settle("a");

        publish("a", "127.1.4.1", "/refused");
        proxy.nack(proxy.next(ROUTES), "routes[0].match: no", ROUTES_OF_DOOR);
        publish("a", "127.1.4.1", "/refused");
        heardEverything();

        proxy.expectNothing();
        await().untilAsserted(() -> assertThat(view().types().get(ROUTES)).satisfies(type -> {
            assertThat(type.nacked().message()).isEqualTo("routes[0].match: no");
            assertThat(type.acked()).isNotEqualTo(type.nacked().version());
            assertThat(type.refused())
                    .singleElement()
                    .satisfies(refused ->
                            assertThat(refused.causes()).containsExactly(new ObjectKey("HTTPRoute", "shop", "orders")));
        }));

        publish("a", "127.1.4.1", "/good");
        proxy.nextAcked(ROUTES, ROUTES_OF_DOOR);
        await().untilAsserted(
                        () -> assertThat(view().types().get(ROUTES).nacked()).isNull());
    }

    @Test
    void refusedCluster_doesNotHoldUpTheOthers() throws Exception {
        settle("a");

        discovery.publish(Worlds.of(
                Worlds.DOOR,
                Worlds.service("a"),
                Worlds.service("b"),
                Worlds.service("c"),
                Worlds.endpoints("a", "127.1.4.1"),
                Worlds.route("/orders", "a").replace("[{name: a, port: 8080}]", """
                    [{name: a, port: 8080}, {name: b, port: 8080}, {name: c, port: 8080}]\
                    """)));
        proxy.nack(proxy.next(CLUSTERS), "cluster " + cluster("b") + ": no");

        assertThat(clusterNames(proxy.nextAcked(CLUSTERS))).containsExactly(cluster("a"), cluster("c"));
    }

    @Test
    void routesRefused_keepTheClustersTheyLeadTo() throws Exception {
        settle("a");

        publish("b", "127.1.5.1", "/orders");
        proxy.nextAcked(CLUSTERS);
        proxy.nack(proxy.next(ROUTES), "no", ROUTES_OF_DOOR);
        heardEverything();

        proxy.expectNothing();
    }

    @Test
    void responseWithoutAnAnswer_changesGatherAndBecomeOne() throws Exception {
        settle("a");
        publish("a", "127.1.4.1", "/1");
        DiscoveryResponse first = proxy.next(ROUTES);

        for (int i = 2; i <= 20; i++) {
            publish("a", "127.1.4.1", "/" + i);
        }
        heardEverything();
        proxy.expectNothing();
        proxy.ack(first, ROUTES_OF_DOOR);

        assertThat(proxy.nextAcked(ROUTES, ROUTES_OF_DOOR)
                        .getResources(0)
                        .getValue()
                        .toStringUtf8())
                .contains("/20");
        heardEverything();
        proxy.expectNothing();
    }

    @Test
    void proxyThatNeverAnswers_doesNotHoldUpAnother() throws Exception {
        try (AdsClient silent = new AdsClient(
                server.port(), Node.newBuilder().setId("proxyless~shop/silent").build())) {
            silent.ask(CLUSTERS).next(CLUSTERS);
            settle("a");

            publish("a", "127.1.4.1", "/next");

            proxy.nextAcked(ROUTES, ROUTES_OF_DOOR);
        }
    }

    @Test
    void nameThatIsNotThere_isAnsweredWithWhatIs() throws Exception {
        try (AdsClient client = new AdsClient(
                server.port(), Node.newBuilder().setId("proxyless~shop/x").build())) {
            DiscoveryResponse none = client.ask(LISTENERS, "gone.shop:1").next(LISTENERS);
            assertThat(none.getResourcesCount()).isZero();
            client.ack(none, "gone.shop:1", "a.shop:8080");
            assertThat(client.next(LISTENERS).getResourcesCount()).isEqualTo(1);
        }
    }

    @Test
    void unknownNode_getsNothingAndTheReasonIsKnown() throws Exception {
        try (AdsClient stranger =
                new AdsClient(server.port(), Node.newBuilder().setId("who").build())) {
            stranger.ask(LISTENERS);

            await().untilAsserted(() -> assertThat(discovery.proxies())
                    .anySatisfy(each -> assertThat(each.reason()).startsWith("node.id \"who\" must look like")));
            stranger.expectNothing();
        }
    }

    @Test
    void gatewayThatIsNotThereYet_waits_andGetsItsConfigWhenItIs() throws Exception {
        discovery.publish(Worlds.of(Worlds.service("a")));
        proxy.ask(LISTENERS);
        await().untilAsserted(() -> assertThat(view().reason()).startsWith("There is no Gateway shop/gateway"));
        proxy.expectNothing();

        publish("a", "127.1.4.1", "/orders");

        assertThat(proxy.next(LISTENERS).getResourcesCount()).isEqualTo(1);
        assertThat(view().reason()).isNull();
    }

    @Test
    void deletedGateway_losesItsListeners() throws Exception {
        settle("a");

        discovery.publish(Worlds.of(Worlds.service("a")));

        assertThat(proxy.nextAcked(LISTENERS).getResourcesCount()).isZero();
    }

    @Test
    void deltaForm_isDeclinedInASentence() throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .build();
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(new StreamObserver<>() {
            @Override
            public void onNext(DeltaDiscoveryResponse response) {}

            @Override
            public void onError(Throwable error) {
                end.complete(error);
            }

            @Override
            public void onCompleted() {}
        });

        assertThat(Status.fromThrowable(end.get(5, TimeUnit.SECONDS)))
                .extracting(Status::getCode, Status::getDescription)
                .containsExactly(
                        Status.Code.UNIMPLEMENTED, "Delta xDS is not served yet; set ads_config.api_type to GRPC.");
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }

    @Test
    void serverThatStops_endsStreamsSoThatProxiesComeBack() throws Exception {
        settle("a");

        server.close();

        assertThat(Status.fromThrowable(proxy.end()).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    private void publish(String service, String address, String path) {
        discovery.publish(Worlds.of(
                Worlds.DOOR, Worlds.service(service), Worlds.endpoints(service, address), Worlds.route(path, service)));
    }

    /** Brings the proxy to the point where it has everything. */
    private void settle(String service) throws InterruptedException {
        proxy.ask(CLUSTERS).nextAcked(CLUSTERS);
        proxy.ask(ENDPOINTS, cluster(service)).nextAcked(ENDPOINTS, cluster(service));
        proxy.ask(LISTENERS).nextAcked(LISTENERS);
        proxy.ask(ROUTES, ROUTES_OF_DOOR).nextAcked(ROUTES, ROUTES_OF_DOOR);
        await().untilAsserted(() -> assertThat(view().types().values())
                .hasSize(4)
                .allSatisfy(type -> assertThat(type.acked()).isEqualTo(type.sent())));
    }

    /**
     * Waits until the server has dealt with all that was said to it and the client got all that was said to that:
     * another stream on its own connection asks and is answered after them, on the same threads.
     */
    private void heardEverything() throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            try (AdsClient other = new AdsClient(
                    server.port(),
                    Node.newBuilder().setId("proxyless~shop/probe" + i).build())) {
                other.ask(LISTENERS, "none").next(LISTENERS);
            }
        }
    }

    private ProxyView view() {
        List<ProxyView> gateways = discovery.proxies().stream()
                .filter(view -> view.node().equals("gateway~shop/gateway"))
                .toList();
        assertThat(gateways).hasSize(1);
        return gateways.getFirst();
    }

    private static String cluster(String service) {
        return "outbound/shop/" + service + ":8080";
    }

    private static List<String> clusterNames(DiscoveryResponse response) throws InvalidProtocolBufferException {
        List<String> names = new ArrayList<>();
        for (Any resource : response.getResourcesList()) {
            names.add(resource.unpack(Cluster.class).getName());
        }
        return names;
    }
}
