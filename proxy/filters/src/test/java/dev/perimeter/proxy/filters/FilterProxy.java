package dev.perimeter.proxy.filters;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.perimeter.proxy.balance.Balancers;
import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.ClusterConfig.ConnectionLimits;
import dev.perimeter.proxy.cluster.ClusterConfig.EndpointSource;
import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.cluster.LoadBalancing;
import dev.perimeter.proxy.cluster.UpstreamProtocol;
import dev.perimeter.proxy.cluster.UpstreamTransport;
import dev.perimeter.proxy.cluster.health.HealthChecking;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.RouteFilter;
import dev.perimeter.proxy.filter.RouteOverride;
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
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A proxy with the filters of a story before its router, all requests to one upstream; chance is seeded. */
final class FilterProxy implements AutoCloseable {

    static final String HOST = "POST / HTTP/1.1\r\nHost: shop\r\n";

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final DataPlane dataPlane = DataPlane.start(options(log));
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<NamedFilter> filters = new ArrayList<>();
    private final List<Map<String, RouteFilter>> routes = new ArrayList<>();
    private final InetSocketAddress upstream;

    FilterProxy(InetSocketAddress upstream) {
        this.upstream = upstream;
    }

    private static DataPlaneOptions options(ByteArrayOutputStream log) {
        DataPlaneOptions machine =
                DataPlaneOptions.forThisMachine().withLoops(2).withAccessLog(log);
        return new DataPlaneOptions(
                machine.loops(), machine.accessLog(), machine.clock(), machine.calendar(), 42, machine.nio());
    }

    static FilterProxy with(InetSocketAddress upstream, FilterKind kind, Message config) {
        return new FilterProxy(upstream).filter(kind, config);
    }

    /** The next filter of the chain, under the name of its kind. */
    FilterProxy filter(FilterKind kind, Message config) {
        FilterFactory factory = ok(kind.parse(config.toByteString().asReadOnlyByteBuffer()));
        filters.add(new NamedFilter(kind.getClass().getSimpleName(), factory));
        return this;
    }

    FilterProxy disabledFilter(FilterKind kind, Message config) {
        FilterFactory factory = ok(kind.parse(config.toByteString().asReadOnlyByteBuffer()));
        filters.add(new NamedFilter(kind.getClass().getSimpleName(), factory, true));
        return this;
    }

    /** What levels of the routing say for paths under /special, the least specific first. */
    FilterProxy special(FilterKind kind, Message... levels) {
        List<RouteOverride> overrides = new ArrayList<>();
        for (Message level : levels) {
            String url = "type.googleapis.com/" + level.getDescriptorForType().getFullName();
            assertThat(kind.routeTypeUrls()).contains(url);
            overrides.add(ok(kind.parseForRoute(url, level.toByteString().asReadOnlyByteBuffer())));
        }
        return special(kind, new RouteFilter(overrides, false));
    }

    FilterProxy special(FilterKind kind, RouteFilter said) {
        Map<String, RouteFilter> configs = new HashMap<>();
        configs.put(kind.getClass().getSimpleName(), said);
        routes.add(configs);
        return this;
    }

    private static <T> T ok(Parsed<T> parsed) {
        return switch (parsed) {
            case Parsed.Ok<T>(T value) -> value;
            case Parsed.Bad<T> bad -> throw new AssertionError(bad.sentence());
        };
    }

    FilterProxy start() {
        List<NamedFilter> chain = new ArrayList<>(filters);
        chain.add(new NamedFilter(
                "router",
                ok(new RouterFilter()
                        .parse(Router.getDefaultInstance().toByteString().asReadOnlyByteBuffer()))));
        List<Route> table = new ArrayList<>();
        routes.forEach(configs -> table.add(route("/special", configs)));
        table.add(route("/", Map.of()));
        HttpManagerConfig manager = new HttpManagerConfig(
                "in",
                new HttpManagerConfig.RouteSource.Inline(new RouteTable(
                        "in", List.of(new VirtualHost("all", List.of("*"), table)), List.of(), List.of(), false)),
                chain,
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
        EndpointSet endpoints = new EndpointSet("up", List.of(new EndpointSet.Endpoint(upstream, 1, true)));
        ClusterConfig cluster = new ClusterConfig(
                "up",
                Duration.ofSeconds(1),
                new LoadBalancing(Balancers.ROUND_ROBIN),
                new EndpointSource.Inline(endpoints),
                ConnectionLimits.DEFAULTS,
                UpstreamProtocol.http1(Duration.ofHours(1)),
                UpstreamTransport.PLAIN,
                HealthChecking.NONE);
        ListenerConfig listener =
                new ListenerConfig("in", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), manager);
        assertThat(dataPlane
                        .apply(new Snapshot(Map.of("in", listener), Map.of(), Map.of("up", cluster), Map.of()))
                        .join())
                .isEmpty();
        return this;
    }

    private static Route route(String prefix, Map<String, RouteFilter> configs) {
        RouteAction forward = new RouteAction.Forward(
                List.of(new RouteAction.WeightedCluster("up", 1)),
                new Timeouts(Duration.ZERO, Duration.ZERO),
                RequestRewrite.NONE,
                Resilience.NONE,
                List.of(),
                false,
                503);
        RouteMatch match = new RouteMatch(new RouteMatch.PathMatch.Prefix(prefix), List.of(), List.of());
        return new Route("", match, forward, List.of(), List.of(), configs);
    }

    InetSocketAddress address() {
        return dataPlane.listeners().getFirst().address();
    }

    RawClient raw() throws IOException {
        return new RawClient(address());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address().getPort() + path))
                .timeout(Duration.ofSeconds(10));
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = request(path);
        return client.send(
                headers.length == 0 ? request.build() : request.headers(headers).build(), BodyHandlers.ofString());
    }

    HttpResponse<byte[]> bytes(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    /** The value of a metric whose line begins so, e.g. {@code envoy_http_fault_delays_injected}. */
    long metric(String name) {
        return dataPlane
                .metrics()
                .prometheus()
                .lines()
                .filter(line -> line.startsWith(name + "{"))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.shutdownNow();
        dataPlane.close();
    }

    /** The sentence with which a config is refused. */
    static String refusal(FilterKind kind, Message config) {
        return ((Parsed.Bad<FilterFactory>) kind.parse(config.toByteString().asReadOnlyByteBuffer())).sentence();
    }
}
