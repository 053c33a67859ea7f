package dev.perimeter.proxy.benchmarks;

import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.Route;
import dev.perimeter.proxy.route.RouteAction;
import dev.perimeter.proxy.route.RouteMatch;
import dev.perimeter.proxy.route.RouteMatch.PathMatch;
import dev.perimeter.proxy.route.RouteTable;
import dev.perimeter.proxy.route.VirtualHost;
import dev.perimeter.proxy.route.select.RouteIndex;
import dev.perimeter.proxy.route.select.RouteRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The route of a request among many. The cost must not grow with their number, wherever the route stands. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RouteBench {

    @Param({"10", "1000", "10000"})
    private int routes = 10;

    private final SplittableRandom random = new SplittableRandom(1);
    private RequestHead @Nullable [] requests;
    private @Nullable RouteIndex byHost;
    private @Nullable RouteIndex byExactPath;
    private @Nullable RouteIndex byPrefix;
    private int next;

    @Setup
    public void build() {
        List<VirtualHost> hosts = new ArrayList<>();
        List<Route> exact = new ArrayList<>();
        List<Route> prefixes = new ArrayList<>();
        for (int i = 0; i < routes; i++) {
            hosts.add(new VirtualHost(
                    "h" + i, List.of("shop-" + i + ".example"), List.of(route(new PathMatch.Prefix("/")))));
            exact.add(route(new PathMatch.Exact("/orders/" + i)));
            prefixes.add(route(new PathMatch.ElementPrefix("/tenant-" + i + "/orders")));
        }
        byHost = index(hosts);
        byExactPath = index(List.of(new VirtualHost("all", List.of("*"), exact)));
        byPrefix = index(List.of(new VirtualHost("all", List.of("*"), prefixes)));
        requests = new RequestHead[64];
        for (int i = 0; i < requests.length; i += 2) {
            int at = random.nextInt(routes);
            requests[i] = request("shop-" + at + ".example", "/orders/" + at);
            requests[i + 1] = request("shop-" + at + ".example", "/tenant-" + at + "/orders/17?x=y");
        }
    }

    private static Route route(PathMatch path) {
        return new Route(
                "",
                new RouteMatch(path, List.of(), List.of()),
                new RouteAction.DirectResponse(200, ""),
                List.of(),
                List.of(),
                Map.of());
    }

    private static RouteIndex index(List<VirtualHost> hosts) {
        return switch (RouteIndex.of(new RouteTable("bench", hosts, List.of(), List.of(), false))) {
            case Parsed.Ok<RouteIndex>(RouteIndex index) -> index;
            case Parsed.Bad<RouteIndex> bad -> throw new IllegalStateException(bad.sentence());
        };
    }

    private static RequestHead request(String authority, String path) {
        return new RequestHead("GET", "http", authority, path, "HTTP/1.1", new Headers());
    }

    @Benchmark
    public @Nullable RouteRule byHost() {
        return select(byHost, 0);
    }

    @Benchmark
    public @Nullable RouteRule byExactPath() {
        return select(byExactPath, 0);
    }

    @Benchmark
    public @Nullable RouteRule byPrefix() {
        return select(byPrefix, 1);
    }

    private @Nullable RouteRule select(@Nullable RouteIndex index, int kind) {
        next = (next + 2) & 63;
        return requests == null || index == null ? null : index.select(requests[next + kind], random);
    }
}
