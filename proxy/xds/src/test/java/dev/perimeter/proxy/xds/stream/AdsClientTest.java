package dev.perimeter.proxy.xds.stream;

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

import dev.perimeter.proxy.snapshot.Snapshot;
import dev.perimeter.proxy.testkit.ExpectedWarnings;
import dev.perimeter.proxy.xds.TestCatalogue;
import dev.perimeter.proxy.xds.control.Backoff;
import dev.perimeter.proxy.xds.stream.ScriptedTransport.Attempt;
import dev.perimeter.proxy.xds.transport.Ask;
import dev.perimeter.proxy.xds.transport.Transports;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client's life with time and transport in a test's hand. */
@ExpectedWarnings({
    "AdsClient - refused version c[12] of clusters: ",
    "AdsClient - refused version l2 of listeners: ",
    "AdsClient - no control plane at 127.1.1.1:15010: ",
    "AdsClient - the endpoints of `pay` did not come within 15 s",
    "Delivery - listener `outbound`: 127.0.0.1:15001 is in use"
})
class AdsClientTest {

    private final ManualControl control = new ManualControl();
    private final ScriptedTransport transport = new ScriptedTransport();
    private final List<Snapshot> applied = new ArrayList<>();
    private List<String> problems = List.of();
    private final AdsClient client = new AdsClient(
            Following.ADS,
            Transports.onlyAds(transport),
            control,
            () -> new Backoff(Duration.ofMillis(250), Duration.ofSeconds(5), new Random(1)),
            TestCatalogue.reader(),
            snapshot -> {
                applied.add(snapshot);
                return CompletableFuture.completedFuture(problems);
            });

    @BeforeEach
    void start() {
        client.start();
        control.runAll();
    }

    @Test
    void start_asksForClustersAndListeners_andNothingElse() {
        assertThat(transport.latest().asks).extracting(Ask::type).containsExactly(CLUSTER, LISTENER);
        assertThat(transport.latest().asks).allSatisfy(ask -> {
            assertThat(ask.version()).isEmpty();
            assertThat(ask.nonce()).isEmpty();
        });
    }

    @Test
    void configuration_isHeldBack_untilAllThatIsNamedIsThere() {
        Attempt stream = transport.latest();
        stream.answer(CLUSTER, "c1", edsCluster("pay"));
        stream.answer(LISTENER, "l1", httpListener("outbound", 15001, "outbound"));
        control.runAll();
        assertThat(stream.lastAsk(ENDPOINTS).names()).containsExactly("pay");
        assertThat(stream.lastAsk(ROUTE_TABLE).names()).containsExactly("outbound");
        assertThat(reason()).isEqualTo("waiting for the endpoints of `pay`, route table `outbound`");

        stream.answer(ENDPOINTS, "e1", endpoints("pay", 8080));
        control.runAll();
        assertThat(applied).isEmpty();
        assertThat(reason()).isEqualTo("waiting for route table `outbound`");

        stream.answer(ROUTE_TABLE, "r1", routes("outbound", "pay"));
        control.runAll();
        assertThat(applied).hasSize(1);
        assertThat(applied.getLast().endpointSets()).containsOnlyKeys("pay");
        assertThat(reason()).isNull();
    }

    @Test
    void newCluster_isInEffectOnlyWithItsEndpoints_andTheOldOneServesMeanwhile() {
        Attempt stream = served();
        stream.answer(CLUSTER, "c2", edsCluster("pay"), edsCluster("ship"));
        stream.answer(ROUTE_TABLE, "r2", routes("outbound", "ship"));
        control.runAll();
        assertThat(applied).hasSize(1);
        assertThat(stream.lastAsk(ENDPOINTS).names()).containsExactly("pay", "ship");

        stream.answer(ENDPOINTS, "e2", endpoints("ship", 9090));
        control.runAll();
        assertThat(applied).hasSize(2);
        assertThat(applied.getLast().endpointSets()).containsOnlyKeys("pay", "ship");
    }

    @Test
    void listenerOrClusterLeftOut_isRemoved_endpointsLeftOutAreNot() {
        Attempt stream = served();
        stream.answer(CLUSTER, "c2", edsCluster("pay"), edsCluster("ship"));
        stream.answer(ENDPOINTS, "e2", endpoints("ship", 9090));
        control.runAll();
        assertThat(applied.getLast().endpointSets().get("pay").endpoints()).hasSize(1);

        stream.answer(ROUTE_TABLE, "r2", routes("outbound", "ship"));
        stream.answer(CLUSTER, "c3", edsCluster("ship"));
        control.runAll();
        assertThat(applied.getLast().clusters()).containsOnlyKeys("ship");
        assertThat(applied.getLast().endpointSets()).containsOnlyKeys("ship");
        assertThat(stream.lastAsk(ENDPOINTS).names()).containsExactly("ship");

        stream.answer(LISTENER, "l2");
        control.runAll();
        assertThat(applied.getLast().listeners()).isEmpty();
        assertThat(applied.getLast().routeTables()).isEmpty();
        assertThat(reason()).isEqualTo("the control plane at 127.1.1.1:15010 has no listeners for this node");
    }

    @Test
    void badResource_isRefusedAlone_andItsLastGoodFormStays() {
        Attempt stream = served();
        stream.answer(CLUSTER, "c2", staticCluster("good", 1), staticCluster("pay", 70000), staticCluster("bad", 0));
        control.runAll();
        Ask.World nack = stream.lastAsk(CLUSTER);
        String port = ": load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.port_value: ";
        assertThat(nack.version()).isEqualTo("c1");
        assertThat(nack.error())
                .isEqualTo("cluster `pay`" + port + "70000 must be between 1 and 65535; cluster `bad`" + port
                        + "0 must be between 1 and 65535");
        assertThat(applied.getLast().clusters()).containsOnlyKeys("pay", "good");
        assertThat(applied.getLast().clusters().get("pay"))
                .isEqualTo(applied.getFirst().clusters().get("pay"));
        assertThat(client.status().types().get(CLUSTER).rejections()).containsOnlyKeys("pay", "bad");

        stream.answer(CLUSTER, "c3", edsCluster("pay"), staticCluster("good", 1));
        control.runAll();
        assertThat(stream.lastAsk(CLUSTER).version()).isEqualTo("c3");
        assertThat(client.status().types().get(CLUSTER).rejections()).isEmpty();
        assertThat(applied.getLast().clusters()).containsOnlyKeys("pay", "good");
    }

    @Test
    void namelessBadResource_removesNothing() {
        Attempt stream = served();
        stream.answer(CLUSTER, "c2", staticCluster("", 1));
        control.runAll();
        assertThat(stream.lastAsk(CLUSTER).error()).isEqualTo("resources[0]: name: must not be empty");
        assertThat(applied.getLast().clusters()).containsOnlyKeys("pay");
    }

    @Test
    void nameThatStandsTwice_isRefused() {
        Attempt stream = served();
        stream.answer(CLUSTER, "c2", staticCluster("x", 1), staticCluster("x", 2));
        control.runAll();
        assertThat(stream.lastAsk(CLUSTER).error()).isEqualTo("cluster `x`: stands twice in the response");
    }

    @Test
    void listenerWithRoutesOfItsOwn_toAnUnknownCluster_isRefusedByTheRoute() {
        Attempt stream = served();
        stream.answer(LISTENER, "l2", httpListener("in", 8080, routes("in", "nobody")));
        control.runAll();
        assertThat(stream.lastAsk(LISTENER).error())
                .isEqualTo("listener `in`: filter_chains[0].filters[0].typed_config.route_config.virtual_hosts[0]"
                        + ".routes[0].route.cluster: there is no cluster `nobody`");
    }

    @Test
    void resourceOfAnotherType_isRefused() {
        Attempt stream = served();
        stream.answer(CLUSTER, "c2", routes("x", "y"));
        control.runAll();
        assertThat(stream.lastAsk(CLUSTER).error())
                .startsWith(
                        "resources[0]: `type.googleapis.com/envoy.config.route.v3.RouteConfiguration` in a response");
    }

    @Test
    void sameConfigurationAgain_isNotAppliedAgain_butAcked() {
        Attempt stream = served();
        stream.answer(CLUSTER, "c2", edsCluster("pay"));
        control.runAll();
        assertThat(stream.lastAsk(CLUSTER).version()).isEqualTo("c2");
        assertThat(applied).hasSize(1);
        assertThat(client.status().types().get(CLUSTER).resources().get("pay").version())
                .isEqualTo("c1");
    }

    @Test
    void lostStream_isReopenedAfterTheBackoff_withTheLastVersions() {
        Attempt stream = served();
        stream.events.ended("connection reset");
        control.pass(Duration.ofMillis(124));
        assertThat(transport.attempts).hasSize(1);
        control.pass(Duration.ofMillis(126));
        assertThat(transport.attempts).hasSize(2);
        assertThat(transport.latest().asks)
                .extracting(Ask.World::type, Ask.World::version, Ask.World::nonce)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(CLUSTER, "c1", ""),
                        org.assertj.core.groups.Tuple.tuple(ENDPOINTS, "e1", ""),
                        org.assertj.core.groups.Tuple.tuple(LISTENER, "l1", ""),
                        org.assertj.core.groups.Tuple.tuple(ROUTE_TABLE, "r1", ""));
        assertThat(reason()).isNull();
    }

    @Test
    void absentControlPlane_isNotHammered() {
        for (int second = 0; second < 60; second++) {
            transport.latest().events.ended("connection refused");
            control.pass(Duration.ofSeconds(1));
        }
        assertThat(transport.attempts.size()).isBetween(12, 40);
        assertThat(reason())
                .isEqualTo("no control plane at 127.1.1.1:15010 since 60 s: connection refused; no configuration yet");
    }

    @Test
    void lateAnswerOfADeadStream_isDropped() {
        Attempt dead = served();
        dead.events.ended("connection reset");
        control.pass(Duration.ofSeconds(1));
        int asked = dead.asks.size();
        dead.answer(CLUSTER, "c9", staticCluster("late", 1));
        control.runAll();
        assertThat(dead.asks).hasSize(asked);
        assertThat(client.status().types().get(CLUSTER).version()).isEqualTo("c1");
    }

    @Test
    void endpointsThatNeverCome_areTakenAsEmptyAfterAWhile() {
        Attempt stream = transport.latest();
        stream.answer(CLUSTER, "c1", edsCluster("pay"));
        stream.answer(LISTENER, "l1", tcpListener("tcp", 9090, "pay"));
        control.pass(Duration.ofSeconds(14));
        assertThat(applied).isEmpty();
        control.pass(Duration.ofSeconds(1));
        assertThat(applied.getLast().endpointSets().get("pay").endpoints()).isEmpty();
        assertThat(client.status().givenUp()).containsExactly("the endpoints of `pay`");

        stream.answer(ENDPOINTS, "e1", endpoints("pay", 9090));
        control.runAll();
        assertThat(applied.getLast().endpointSets().get("pay").endpoints()).hasSize(1);
        assertThat(client.status().givenUp()).isEmpty();
    }

    @Test
    void waitingForEndpoints_doesNotCountWhileDisconnected() {
        Attempt stream = transport.latest();
        stream.answer(CLUSTER, "c1", edsCluster("pay"));
        stream.answer(LISTENER, "l1", tcpListener("tcp", 9090, "pay"));
        control.pass(Duration.ofSeconds(10));
        stream.events.ended("connection reset");
        control.pass(Duration.ofSeconds(60));
        assertThat(applied).isEmpty();
    }

    @Test
    void firstConfigurationRefused_isTheReasonForNotBeingReady() {
        transport.latest().answer(CLUSTER, "c1", staticCluster("bad", 0));
        control.runAll();
        assertThat(reason()).startsWith("the first configuration was refused: cluster `bad`: load_assignment");
    }

    @Test
    void whatTheEngineCouldNotDo_isTheReason_andIsTriedAgain() {
        problems = List.of("listener `outbound`: 127.0.0.1:15001 is in use");
        served();
        assertThat(reason()).isEqualTo("listener `outbound`: 127.0.0.1:15001 is in use");
        problems = List.of();
        control.pass(Duration.ofSeconds(2));
        assertThat(reason()).isNull();
        assertThat(applied).hasSize(2);
    }

    @Test
    void close_endsStreamAndTransport_andNoAttemptFollows() {
        client.close();
        control.pass(Duration.ofSeconds(60));
        assertThat(transport.latest().cancelled).isTrue();
        assertThat(transport.closed).isTrue();
        assertThat(transport.attempts).hasSize(1);
    }

    private Attempt served() {
        Attempt stream = transport.latest();
        stream.answer(CLUSTER, "c1", edsCluster("pay"));
        stream.answer(LISTENER, "l1", httpListener("outbound", 15001, "outbound"));
        control.runAll();
        stream.answer(ENDPOINTS, "e1", endpoints("pay", 8080));
        stream.answer(ROUTE_TABLE, "r1", routes("outbound", "pay"));
        control.runAll();
        assertThat(applied).hasSize(1);
        return stream;
    }

    private String reason() {
        return Readiness.reason(client.status(), control.clock().instant());
    }
}
