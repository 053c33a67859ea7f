package dev.perimeter.gateway.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UInt64Value;
import dev.perimeter.controlplane.contract.filters.http.body_limit.v1.BodyLimit;
import dev.perimeter.proxy.balance.Balancers;
import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.ClusterConfig.ConnectionLimits;
import dev.perimeter.proxy.cluster.ClusterConfig.EndpointSource;
import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.cluster.LoadBalancing;
import dev.perimeter.proxy.cluster.UpstreamProtocol;
import dev.perimeter.proxy.cluster.UpstreamTransport;
import dev.perimeter.proxy.cluster.health.HealthChecking;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.listen.DataPlane;
import dev.perimeter.proxy.listen.DataPlaneOptions;
import dev.perimeter.proxy.route.RequestRewrite;
import dev.perimeter.proxy.route.Resilience;
import dev.perimeter.proxy.route.Route;
import dev.perimeter.proxy.route.RouteAction;
import dev.perimeter.proxy.route.RouteMatch;
import dev.perimeter.proxy.route.RouteTable;
import dev.perimeter.proxy.route.Timeouts;
import dev.perimeter.proxy.route.VirtualHost;
import dev.perimeter.proxy.snapshot.HttpManagerConfig;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.NamedFilter;
import dev.perimeter.proxy.snapshot.ListenerConfig;
import dev.perimeter.proxy.snapshot.Snapshot;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The limit on request bodies, in the engine and on real sockets: ten bytes are let in. */
class BodyLimitFilterTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final HttpFilter FORWARD = new HttpFilter() {
        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            return Verdict.FORWARD;
        }
    };

    private final RawUpstream upstream = RawUpstream.running(connection -> {
        connection.readHead();
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
    private final DataPlane dataPlane = DataPlane.start(
            DataPlaneOptions.forThisMachine().withLoops(1).withAccessLog(OutputStream.nullOutputStream()));

    @AfterEach
    void stop() {
        dataPlane.close();
        upstream.close();
    }

    @Test
    void bodyWithinTheLimit_passes() throws IOException {
        assertThat(reply("Content-Length: 10\r\n\r\n0123456789")).startsWith("HTTP/1.1 200");
    }

    @Test
    void noBody_passes() throws IOException {
        assertThat(reply("Content-Length: 0\r\n\r\n")).startsWith("HTTP/1.1 200");
    }

    @Test
    void declaredLengthOverTheLimit_isRefusedBeforeTheBody_andNothingIsForwarded() throws IOException {
        assertThat(reply("Content-Length: 11\r\n\r\n"))
                .startsWith("HTTP/1.1 413")
                .contains("the request body is longer than 10 bytes");
        assertThat(upstream.connections()).isZero();
    }

    @Test
    void longestLengthHttpKnows_isRefused() throws IOException {
        assertThat(reply("Content-Length: 999999999999999999\r\n\r\n")).startsWith("HTTP/1.1 413");
    }

    @Test
    void chunksOverTheLimit_areRefusedWhileTheyStreamBy() throws IOException {
        String chunks = "6\r\n012345\r\n" + "6\r\n6789ab\r\n";
        assertThat(reply("Transfer-Encoding: chunked\r\n\r\n" + chunks)).startsWith("HTTP/1.1 413");
    }

    static Stream<Arguments> badConfigs() {
        return Stream.of(
                arguments("max_request_bytes: must be set", BodyLimit.getDefaultInstance()),
                arguments(
                        "max_request_bytes: 18446744073709551615 is more than any body",
                        BodyLimit.newBuilder()
                                .setMaxRequestBytes(UInt64Value.of(-1))
                                .build()),
                arguments("field #3: is not supported yet; remove it", fieldThree()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badConfigs")
    void badConfig_isRefusedWithTheSentence(String sentence, Message config) {
        assertThat(new BodyLimitFilter().parse(config.toByteString().asReadOnlyByteBuffer()))
                .isInstanceOfSatisfying(
                        Parsed.Bad.class, bad -> assertThat(bad.sentence()).isEqualTo(sentence));
    }

    private static Message fieldThree() {
        return BodyLimit.newBuilder()
                .setUnknownFields(com.google.protobuf.UnknownFieldSet.newBuilder()
                        .addField(
                                3,
                                com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.EMPTY)
                                        .build())
                        .build())
                .build();
    }

    private String reply(String rest) throws IOException {
        dataPlane.apply(snapshot()).join();
        try (RawClient client = new RawClient(dataPlane.listeners().getFirst().address())) {
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n" + rest);
            return client.readToEnd();
        }
    }

    private Snapshot snapshot() {
        BodyLimit limit =
                BodyLimit.newBuilder().setMaxRequestBytes(UInt64Value.of(10)).build();
        FilterFactory factory = ((Parsed.Ok<FilterFactory>)
                        new BodyLimitFilter().parse(limit.toByteString().asReadOnlyByteBuffer()))
                .value();
        RouteAction forward = new RouteAction.Forward(
                List.of(new RouteAction.WeightedCluster("up", 1)),
                new Timeouts(Duration.ZERO, Duration.ZERO),
                RequestRewrite.NONE,
                Resilience.NONE,
                List.of(),
                false,
                503);
        Route route = new Route(
                "",
                new RouteMatch(new RouteMatch.PathMatch.Prefix("/"), List.of(), List.of()),
                forward,
                List.of(),
                List.of(),
                Map.of());
        RouteTable table = new RouteTable(
                "in", List.of(new VirtualHost("all", List.of("*"), List.of(route))), List.of(), List.of(), false);
        HttpManagerConfig manager = new HttpManagerConfig(
                "in",
                new HttpManagerConfig.RouteSource.Inline(table),
                List.of(new NamedFilter("body_limit", factory), new NamedFilter("router", () -> FORWARD)),
                HttpManagerConfig.HttpLimits.DEFAULTS,
                HttpManagerConfig.HttpTimeouts.DEFAULTS,
                new HttpManagerConfig.EdgeBehaviour(
                        false,
                        0,
                        false,
                        false,
                        false,
                        false,
                        HttpManagerConfig.EdgeBehaviour.ServerHeader.PASS_THROUGH,
                        ""),
                HttpManagerConfig.LocalReplyFormat.PLAIN,
                List.of(),
                new HttpManagerConfig.HttpProtocols(true, false));
        EndpointSet endpoints = new EndpointSet("up", List.of(new EndpointSet.Endpoint(upstream.address(), 1, true)));
        ClusterConfig cluster = new ClusterConfig(
                "up",
                Duration.ofSeconds(1),
                new LoadBalancing(Balancers.ROUND_ROBIN),
                new EndpointSource.Inline(endpoints),
                ConnectionLimits.DEFAULTS,
                UpstreamProtocol.http1(Duration.ofHours(1)),
                UpstreamTransport.PLAIN,
                HealthChecking.NONE);
        ListenerConfig listener = new ListenerConfig("in", new InetSocketAddress(LOOPBACK, 0), manager);
        return new Snapshot(Map.of("in", listener), Map.of(), Map.of("up", cluster), Map.of());
    }
}
