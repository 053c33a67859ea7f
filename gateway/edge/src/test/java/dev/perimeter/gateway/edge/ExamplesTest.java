package dev.perimeter.gateway.edge;

import static dev.perimeter.proxy.testkit.xds.Resources.listener;
import static dev.perimeter.proxy.testkit.xds.Resources.router;
import static dev.perimeter.proxy.testkit.xds.Resources.routes;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.perimeter.gateway.filters.GatewayFilters;
import dev.perimeter.proxy.balance.BalancerKind;
import dev.perimeter.proxy.balance.Balancers;
import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filters.BuiltInFilters;
import dev.perimeter.proxy.listen.DataPlane;
import dev.perimeter.proxy.listen.DataPlaneOptions;
import dev.perimeter.proxy.sidecar.text.ProtoTree;
import dev.perimeter.proxy.sidecar.text.YamlTree;
import dev.perimeter.proxy.snapshot.ListenerConfig;
import dev.perimeter.proxy.snapshot.Snapshot;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.xds.resource.ResourceReader;
import dev.perimeter.proxy.xds.resource.http.connection.AccessLogReader;
import dev.perimeter.proxy.xds.resource.listener.ConnectionLimitReader;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The example of every filter and every load balancing policy is read without refusal, and a request passes it. */
class ExamplesTest {

    private static final List<FilterKind> FILTERS = Stream.concat(
                    GatewayFilters.all().stream(), BuiltInFilters.all().stream())
            .toList();

    private final ResourceReader reader = new ResourceReader(FILTERS, Balancers.ALL);
    private final FakeUpstream upstream = FakeUpstream.named("shop");
    private final DataPlane proxy = DataPlane.start(
            DataPlaneOptions.forThisMachine().withLoops(1).withAccessLog(OutputStream.nullOutputStream()));

    @AfterEach
    void stop() {
        proxy.close();
        upstream.close();
    }

    static Stream<FilterKind> filters() {
        return FILTERS.stream();
    }

    static Stream<BalancerKind> balancers() {
        return Balancers.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("filters")
    void exampleOfAFilter_isRead_andARequestPassesIt(FilterKind kind) throws Exception {
        HttpConnectionManager manager = completed(example(kind.getClass(), HttpConnectionManager.newBuilder()));
        assertThat(manager.getHttpFiltersList())
                .extracting(filter -> filter.getTypedConfig().getTypeUrl())
                .contains(kind.typeUrl());

        assertThat(answer(manager, shop().build()).body()).isEqualTo("shop");
    }

    @ParameterizedTest
    @MethodSource("balancers")
    void exampleOfAPolicy_isRead_andARequestIsBalancedByIt(BalancerKind kind) throws Exception {
        Cluster cluster = example(kind.getClass(), shop()).build();
        assertThat(ok(reader.cluster(Any.pack(cluster))).value().balancing().policy())
                .hasSameClassAs(kind);

        HttpConnectionManager manager = completed(HttpConnectionManager.newBuilder());
        assertThat(answer(manager, cluster).body()).isEqualTo("shop");
    }

    @Test
    void exampleOfTheConnectionLimit_isRead_andARequestPassesIt() throws Exception {
        FilterChain.Builder chain = example(ConnectionLimitReader.class, FilterChain.newBuilder());
        Listener.Builder in = listener("in", 0, completed(HttpConnectionManager.newBuilder())).toBuilder();
        chain.addFilters(in.getFilterChains(0).getFilters(0));
        in.setFilterChains(0, chain);
        assertThat(ok(reader.listener(Any.pack(in.build())))
                        .value()
                        .chains()
                        .getFirst()
                        .limit())
                .isNotNull();
        assertThat(answer(in.build(), shop().build()).body()).isEqualTo("shop");
    }

    @Test
    void exampleOfTheAccessLog_isRead_andARequestPassesIt() throws Exception {
        HttpConnectionManager manager = completed(example(AccessLogReader.class, HttpConnectionManager.newBuilder()));
        assertThat(manager.getAccessLogList()).hasSize(1);
        assertThat(answer(manager, shop().build()).body()).isEqualTo("shop");
    }

    /** What the example leaves out since it is not its matter. */
    private static HttpConnectionManager completed(HttpConnectionManager.Builder example) {
        if (example.getHttpFiltersList().stream()
                .noneMatch(filter -> filter.getTypedConfig().is(Router.class))) {
            example.addHttpFilters(router());
        }
        if (!example.hasRouteConfig()) {
            example.setRouteConfig(routes("routes", "shop"));
        }
        return example.setStatPrefix("example").build();
    }

    private Cluster.Builder shop() {
        return staticCluster("shop", upstream.address().getPort()).toBuilder();
    }

    private HttpResponse<String> answer(HttpConnectionManager manager, Cluster cluster) throws Exception {
        return answer(listener("in", 0, manager), cluster);
    }

    private HttpResponse<String> answer(Listener listener, Cluster cluster) throws Exception {
        ListenerConfig in = ok(reader.listener(Any.pack(listener))).value();
        ClusterConfig shop = ok(reader.cluster(Any.pack(cluster))).value();
        assertThat(proxy.apply(new Snapshot(Map.of("in", in), Map.of(), Map.of("shop", shop), Map.of()))
                        .get())
                .isEmpty();
        int port = proxy.listeners().getFirst().address().getPort();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            return response;
        }
    }

    private static <B extends Message.Builder> B example(Class<?> type, B into) throws Exception {
        try (InputStream file = type.getResourceAsStream(type.getSimpleName() + ".yaml")) {
            assertThat(file).as("example of %s", type.getSimpleName()).isNotNull();
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return ok(ProtoTree.read(ok(YamlTree.read(type.getSimpleName(), text)), into));
        }
    }

    private static <T> T ok(Parsed<T> parsed) {
        return switch (parsed) {
            case Parsed.Ok<T>(T value) -> value;
            case Parsed.Bad<T> bad -> throw new AssertionError(bad.sentence());
        };
    }
}
