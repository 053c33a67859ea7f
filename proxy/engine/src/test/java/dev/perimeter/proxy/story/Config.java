package dev.perimeter.proxy.story;

import dev.perimeter.proxy.balance.Balancers;
import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.ClusterConfig.ConnectionLimits;
import dev.perimeter.proxy.cluster.ClusterConfig.EndpointSource;
import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.cluster.LoadBalancing;
import dev.perimeter.proxy.cluster.UpstreamProtocol;
import dev.perimeter.proxy.cluster.UpstreamTransport;
import dev.perimeter.proxy.cluster.health.HealthChecking;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.observe.AccessLog;
import dev.perimeter.proxy.route.RequestRewrite;
import dev.perimeter.proxy.route.Resilience;
import dev.perimeter.proxy.route.Route;
import dev.perimeter.proxy.route.RouteAction;
import dev.perimeter.proxy.route.RouteAction.WeightedCluster;
import dev.perimeter.proxy.route.RouteMatch;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import dev.perimeter.proxy.route.RouteTable;
import dev.perimeter.proxy.route.Timeouts;
import dev.perimeter.proxy.route.VirtualHost;
import dev.perimeter.proxy.snapshot.DownstreamTransport;
import dev.perimeter.proxy.snapshot.FilterChainConfig;
import dev.perimeter.proxy.snapshot.FilterChainMatch;
import dev.perimeter.proxy.snapshot.Http2Options;
import dev.perimeter.proxy.snapshot.HttpManagerConfig;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.EdgeBehaviour;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpLimits;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpProtocols;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpProtocols.Codec;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpTimeouts;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.LocalReplyFormat;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.NamedFilter;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.RouteSource;
import dev.perimeter.proxy.snapshot.ListenerConfig;
import dev.perimeter.proxy.snapshot.ListenerFilters;
import dev.perimeter.proxy.snapshot.Snapshot;
import dev.perimeter.proxy.snapshot.TcpProxyConfig;
import dev.perimeter.proxy.tls.Secret;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds snapshots for stories; what a story does not mention has a value that does not matter to it. */
public final class Config {

    public static final EdgeBehaviour INSIDE =
            new EdgeBehaviour(false, 0, false, true, false, false, EdgeBehaviour.ServerHeader.PASS_THROUGH, "");
    public static final EdgeBehaviour EDGE =
            new EdgeBehaviour(true, 0, false, true, false, true, EdgeBehaviour.ServerHeader.PASS_THROUGH, "");
    public static final InetSocketAddress LOOPBACK = new InetSocketAddress("127.0.0.1", 0);
    public static final NamedFilter ROUTER = new NamedFilter("router", Router::new);

    /** The last filter of every chain. */
    private static final class Router implements HttpFilter {
        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            return Verdict.FORWARD;
        }
    }

    private final Map<String, ListenerConfig> listeners = new LinkedHashMap<>();
    private final Map<String, ClusterConfig> clusters = new LinkedHashMap<>();
    private final List<Route> routes = new ArrayList<>();
    private List<NamedFilter> filters = List.of(ROUTER);
    private HttpTimeouts timeouts = HttpTimeouts.DEFAULTS;
    private EdgeBehaviour edge = INSIDE;
    private LocalReplyFormat replies = new LocalReplyFormat(
            List.of(new LocalReplyFormat.Mapper(400, 999, null, "x-proxy-reason")), LocalReplyFormat.PLAIN.body());
    private @Nullable UpstreamProtocol protocol;
    private Duration clusterIdle = Duration.ofMinutes(1);
    private Duration connectTimeout = Duration.ofSeconds(1);
    private ConnectionLimits limits = ConnectionLimits.DEFAULTS;
    private HttpLimits headLimits = HttpLimits.DEFAULTS;
    private HealthChecking health = HealthChecking.NONE;
    private LoadBalancing balancing = new LoadBalancing(Balancers.ROUND_ROBIN);
    private boolean connectAllowed;
    private Codec codec = Codec.AUTO;
    private Http2Options http2 = Http2Options.DEFAULTS;
    private Set<String> upgrades = Set.of();
    private List<ValueMatch.Test> ignoredUpgrades = List.of();
    private UpstreamTransport transport = UpstreamTransport.PLAIN;
    private Map<String, Secret> secrets = Map.of();
    private Map<String, Object> logFields = new LinkedHashMap<>(Map.of());

    public Config() {
        for (String field : List.of(
                "method=%REQ(:METHOD)%",
                "protocol=%PROTOCOL%",
                "path=%REQ(:PATH)%",
                "status=%RESPONSE_CODE%",
                "flags=%RESPONSE_FLAGS%",
                "details=%RESPONSE_CODE_DETAILS%",
                "received=%BYTES_RECEIVED%",
                "sent=%BYTES_SENT%",
                "duration_ms=%DURATION%",
                "attempts=%UPSTREAM_REQUEST_ATTEMPT_COUNT%",
                "transport=%UPSTREAM_TRANSPORT_FAILURE_REASON%",
                "route=%ROUTE_NAME%",
                "cluster=%UPSTREAM_CLUSTER%",
                "upstream=%UPSTREAM_HOST%",
                "remote=%DOWNSTREAM_REMOTE_ADDRESS%",
                "request_id=%REQ(X-REQUEST-ID)%",
                "time=%START_TIME%")) {
            logFields.put(field.substring(0, field.indexOf('=')), field.substring(field.indexOf('=') + 1));
        }
    }

    public Config filters(NamedFilter... chain) {
        filters = List.of(chain);
        return this;
    }

    public Config timeouts(HttpTimeouts value) {
        timeouts = value;
        return this;
    }

    public Config edge(EdgeBehaviour value) {
        edge = value;
        return this;
    }

    public Config replies(LocalReplyFormat value) {
        replies = value;
        return this;
    }

    public Config clusterIdle(Duration value) {
        clusterIdle = value;
        return this;
    }

    public Config protocol(UpstreamProtocol value) {
        protocol = value;
        return this;
    }

    /** Clusters speak HTTP/2 with prior knowledge. */
    public Config http2() {
        return protocol(UpstreamProtocol.of(UpstreamProtocol.Version.HTTP2, clusterIdle));
    }

    public Config connectTimeout(Duration value) {
        connectTimeout = value;
        return this;
    }

    public Config limits(ConnectionLimits value) {
        limits = value;
        return this;
    }

    public Config headLimits(HttpLimits value) {
        headLimits = value;
        return this;
    }

    public Config codec(Codec value, Http2Options options) {
        codec = value;
        http2 = options;
        return this;
    }

    public Config upgrades(String... types) {
        upgrades = Set.of(types);
        return this;
    }

    public Config ignoredUpgrades(ValueMatch.Test... tests) {
        ignoredUpgrades = List.of(tests);
        return this;
    }

    /** Of clusters from here on. */
    public Config transport(UpstreamTransport value) {
        transport = value;
        return this;
    }

    public Config secrets(Map<String, Secret> value) {
        secrets = value;
        return this;
    }

    public Config log(String field, String format) {
        logFields.put(field, format);
        return this;
    }

    public Config connectAllowed() {
        connectAllowed = true;
        return this;
    }

    public Config health(HealthChecking value) {
        health = value;
        return this;
    }

    public Config balancing(LoadBalancing value) {
        balancing = value;
        return this;
    }

    public Config cluster(String name, InetSocketAddress... addresses) {
        return cluster(
                name,
                Arrays.stream(addresses)
                        .map(address -> new Endpoint(address, 1, true))
                        .toList());
    }

    public Config cluster(String name, List<Endpoint> endpoints) {
        clusters.put(
                name,
                new ClusterConfig(
                        name,
                        connectTimeout,
                        balancing,
                        new EndpointSource.Inline(new EndpointSet(name, endpoints)),
                        limits,
                        protocol == null ? UpstreamProtocol.http1(clusterIdle) : protocol,
                        transport,
                        health));
        return this;
    }

    public Config route(String prefix, String cluster) {
        return route(prefix, cluster, Duration.ZERO);
    }

    public Config route(String prefix, String cluster, Duration timeout) {
        return action(prefix, forward(timeout, new WeightedCluster(cluster, 1)));
    }

    public static RouteAction.Forward forward(Duration timeout, WeightedCluster... clusters) {
        return forward(List.of(clusters), timeout, false, 503);
    }

    public static RouteAction.Forward forward(
            List<WeightedCluster> clusters, Duration timeout, boolean tunnel, int noClusterStatus) {
        return new RouteAction.Forward(
                clusters,
                new Timeouts(timeout, Duration.ZERO),
                RequestRewrite.NONE,
                Resilience.NONE,
                List.of(),
                tunnel,
                noClusterStatus);
    }

    /** A route without a time-out that does more than send a request once. */
    public Config route(String prefix, String cluster, Resilience resilience) {
        return route(prefix, cluster, new Timeouts(Duration.ZERO, Duration.ZERO), resilience);
    }

    public Config route(String prefix, String cluster, Timeouts timeouts, Resilience resilience) {
        return action(
                prefix,
                new RouteAction.Forward(
                        List.of(new WeightedCluster(cluster, 1)),
                        timeouts,
                        RequestRewrite.NONE,
                        resilience,
                        List.of(),
                        false,
                        503));
    }

    public Config action(String prefix, RouteAction action) {
        RouteMatch match = new RouteMatch(new RouteMatch.PathMatch.Prefix(prefix), List.of(), List.of());
        return route(new Route(prefix, match, action, List.of(), List.of(), Map.of()));
    }

    public Config route(Route route) {
        routes.add(route);
        return this;
    }

    public Config tunnel(String cluster) {
        RouteMatch match = new RouteMatch(new RouteMatch.PathMatch.Connect(), List.of(), List.of());
        RouteAction.Forward forward = forward(List.of(new WeightedCluster(cluster, 1)), Duration.ZERO, true, 503);
        return route(new Route("tunnel", match, forward, List.of(), List.of(), Map.of()));
    }

    /** A listener named {@code http} with the routes so far. */
    public Config http() {
        return http("http", new InetSocketAddress("127.0.0.1", 0));
    }

    public Config http(String name, InetSocketAddress address) {
        listeners.put(name, new ListenerConfig(name, address, httpManager(name)));
        return this;
    }

    /** An HTTP connection manager with the routes so far. */
    public HttpManagerConfig httpManager(String name) {
        RouteTable table = new RouteTable(
                "table",
                List.of(new VirtualHost("all", List.of("*"), List.copyOf(routes))),
                List.of(),
                List.of(),
                false);
        return new HttpManagerConfig(
                name,
                new RouteSource.Inline(table),
                filters,
                headLimits,
                timeouts,
                edge,
                replies,
                List.of(accessLog()),
                new HttpProtocols(codec, true, connectAllowed, upgrades, ignoredUpgrades, http2));
    }

    /** A TCP listener of that name. */
    public Config tcp(String name, Duration idle, WeightedCluster... to) {
        listeners.put(
                name,
                new ListenerConfig(name, LOOPBACK, new TcpProxyConfig(name, List.of(to), idle, List.of(accessLog()))));
        return this;
    }

    public TcpProxyConfig tcpProxy(String name, WeightedCluster... to) {
        return new TcpProxyConfig(name, List.of(to), Duration.ZERO, List.of(accessLog()));
    }

    /** A plain filter chain. */
    public FilterChainConfig chain(String name, FilterChainMatch match, ListenerConfig.ConnectionHandling handling) {
        return new FilterChainConfig(name, match, DownstreamTransport.PLAIN, Duration.ZERO, handling, handling);
    }

    public Config listener(
            String name,
            ListenerFilters listenerFilters,
            ListenerConfig.Sockets sockets,
            List<FilterChainConfig> chains) {
        listeners.put(name, new ListenerConfig(name, sockets, listenerFilters, chains, null));
        return this;
    }

    /** The listener of that name with other sockets. */
    public Config listener(String name, ListenerFilters listenerFilters, ListenerConfig.Sockets sockets) {
        return listener(name, listenerFilters, sockets, listeners.get(name).chains());
    }

    /** From now on there is no route but the tunnel. */
    public Config onlyTunnel(String cluster) {
        routes.clear();
        return tunnel(cluster);
    }

    public static int freePort() throws java.io.IOException {
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private AccessLog accessLog() {
        return switch (AccessLog.jsonOnStandardOutput(logFields)) {
            case Parsed.Ok<AccessLog>(AccessLog log) -> log;
            case Parsed.Bad<AccessLog> bad -> throw new IllegalStateException(bad.sentence());
        };
    }

    public Snapshot snapshot() {
        return new Snapshot(Map.copyOf(listeners), Map.of(), Map.copyOf(clusters), Map.of(), secrets);
    }
}
