package dev.perimeter.proxy.xds.resource;

import static dev.perimeter.proxy.testkit.xds.Resources.edsCluster;
import static dev.perimeter.proxy.testkit.xds.Resources.endpoints;
import static dev.perimeter.proxy.testkit.xds.Resources.httpListener;
import static dev.perimeter.proxy.testkit.xds.Resources.listener;
import static dev.perimeter.proxy.testkit.xds.Resources.manager;
import static dev.perimeter.proxy.testkit.xds.Resources.route;
import static dev.perimeter.proxy.testkit.xds.Resources.router;
import static dev.perimeter.proxy.testkit.xds.Resources.routes;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.UInt32Value;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.xds.TestCatalogue;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LbPolicy;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.LocalReplyConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ResponseMapper;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an operator reads in a NACK: the field by its path, the value, the rule. */
class RefusalSentencesTest {

    private static final String MANAGER = "filter_chains[0].filters[0].typed_config.";

    static Stream<Arguments> refused() {
        Listener good = httpListener("in", 8080, "in");
        Cluster cluster = edsCluster("pay");
        return Stream.of(
                arguments(
                        "transport_socket.typed_config: no transport socket for upstreams reads ``; known are"
                            + " type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext,"
                            + " type.googleapis.com/envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport"
                            + " and type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer",
                        cluster.toBuilder()
                                .setTransportSocket(TransportSocket.newBuilder().setName("tls"))
                                .build()),
                arguments(
                        "filter_chains[0].transport_socket.typed_config: no transport socket for clients reads ``;"
                            + " known are"
                            + " type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext and"
                            + " type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer",
                        good.toBuilder()
                                .setFilterChains(
                                        0,
                                        good.getFilterChains(0).toBuilder()
                                                .setTransportSocket(TransportSocket.newBuilder()
                                                        .setName("tls")))
                                .build()),
                arguments(
                        "filter_chains: must not be empty without a default_filter_chain",
                        good.toBuilder().clearFilterChains().build()),
                arguments(
                        "address.socket_address.address: `payment` is not an IP address; names are not resolved here",
                        good.toBuilder()
                                .setAddress(dev.perimeter.proxy.testkit.xds.Resources.address("payment", 80))
                                .build()),
                arguments(
                        "name: must not be empty", good.toBuilder().clearName().build()),
                arguments(
                        MANAGER + "http_filters[0].typed_config.max_age: -5 must not be negative",
                        in(manager()
                                .clearHttpFilters()
                                .addHttpFilters(filter("cache", StringValue.of("x")))
                                .addHttpFilters(router()))),
                arguments(
                        MANAGER + "http_filters[0].typed_config: no filter here reads"
                                + " `type.googleapis.com/google.protobuf.UInt32Value`; known are"
                                + " [type.googleapis.com/envoy.extensions.filters.http.router.v3.Router,"
                                + " type.googleapis.com/google.protobuf.Empty,"
                                + " type.googleapis.com/google.protobuf.StringValue]",
                        in(manager()
                                .clearHttpFilters()
                                .addHttpFilters(filter("quota", UInt32Value.of(1)))
                                .addHttpFilters(router()))),
                arguments(
                        MANAGER + "http_filters: must not be empty; the last filter must be the router",
                        in(manager().clearHttpFilters())),
                arguments(
                        MANAGER + "http_filters[0]: the router must be the last filter",
                        in(manager().addHttpFilters(router()))),
                arguments(
                        MANAGER + "codec_type: HTTP3 is not supported, only AUTO, HTTP1 and HTTP2 are",
                        in(manager().setCodecType(HttpConnectionManager.CodecType.HTTP3))),
                arguments(
                        MANAGER + "request_timeout: -3 s must not be negative",
                        in(manager().setRequestTimeout(Duration.newBuilder().setSeconds(-3)))),
                arguments(
                        MANAGER + "upgrade_configs[1].upgrade_type: `WebSocket` is there twice",
                        in(manager()
                                .addUpgradeConfigs(HttpConnectionManager.UpgradeConfig.newBuilder()
                                        .setUpgradeType("websocket"))
                                .addUpgradeConfigs(HttpConnectionManager.UpgradeConfig.newBuilder()
                                        .setUpgradeType("WebSocket")))),
                arguments(
                        MANAGER + "upgrade_configs[0].filters[0]: is not supported yet; remove it",
                        in(manager()
                                .addUpgradeConfigs(HttpConnectionManager.UpgradeConfig.newBuilder()
                                        .setUpgradeType("websocket")
                                        .addFilters(router())))),
                arguments(
                        MANAGER + "local_reply_config.mappers[0].filter: needs one filter",
                        in(manager()
                                .setLocalReplyConfig(LocalReplyConfig.newBuilder()
                                        .addMappers(ResponseMapper.getDefaultInstance())))),
                arguments(
                        MANAGER + "tracing: is not supported yet; remove it",
                        in(manager().setTracing(HttpConnectionManager.Tracing.getDefaultInstance()))),
                arguments(
                        "lb_policy: RING_HASH is not supported yet; known are [ROUND_ROBIN]",
                        cluster.toBuilder().setLbPolicy(LbPolicy.RING_HASH).build()),
                arguments(
                        "load_assignment: must hold exactly one endpoint for type LOGICAL_DNS, not 2",
                        staticCluster("x", 1, 2).toBuilder()
                                .setType(DiscoveryType.LOGICAL_DNS)
                                .build()),
                arguments(
                        "connect_timeout: 0 s must be more than zero",
                        cluster.toBuilder()
                                .setConnectTimeout(Duration.getDefaultInstance())
                                .build()),
                arguments(
                        "eds_cluster_config.eds_config: needs ads, self (which is the same here), api_config_source or"
                                + " path_config_source",
                        cluster.toBuilder().clearEdsClusterConfig().build()),
                arguments(
                        "endpoints[0].lb_endpoints[1].endpoint.address: there is another endpoint with this address",
                        endpoints("pay", 8080, 8080)),
                arguments(
                        "virtual_hosts[1].domains[0]: there is another domain `*`",
                        routes("in", "pay").toBuilder()
                                .addVirtualHosts(VirtualHost.newBuilder()
                                        .setName("other")
                                        .addDomains("*"))
                                .build()),
                arguments(
                        "virtual_hosts[0].domains[0]: `a*b` may hold one *, at its beginning or its end",
                        RouteConfiguration.newBuilder()
                                .setName("in")
                                .addVirtualHosts(
                                        VirtualHost.newBuilder().setName("x").addDomains("a*b"))
                                .build()),
                arguments(
                        "virtual_hosts[0].routes[0].match: needs one of prefix, path, path_separated_prefix, safe_regex"
                                + ", path_match_policy and connect_matcher",
                        table(route("/", "pay").toBuilder().setMatch(RouteMatch.getDefaultInstance()))),
                arguments(
                        "virtual_hosts[0].routes[0].match.safe_regex.regex: `(` is not a regular expression: missing"
                                + " closing )",
                        table(route("/", "pay").toBuilder()
                                .setMatch(RouteMatch.newBuilder()
                                        .setSafeRegex(RegexMatcher.newBuilder().setRegex("("))))),
                arguments(
                        "virtual_hosts[0].routes[0]: needs one of route, redirect and direct_response",
                        table(route("/", "pay").toBuilder().clearRoute())),
                arguments(
                        "virtual_hosts[0].routes[0].route.retry_policy.retry_on: `sometimes` is not a condition; known"
                                + " are [5xx, cancelled, connect-failure, deadline-exceeded, envoy-ratelimited,"
                                + " gateway-error, http3-post-connect-failure, internal, refused-stream, reset,"
                                + " reset-before-request, resource-exhausted, retriable-4xx, retriable-headers,"
                                + " retriable-status-codes, unavailable]",
                        table(route("/", "pay").toBuilder()
                                .setRoute(RouteAction.newBuilder()
                                        .setCluster("pay")
                                        .setRetryPolicy(io.envoyproxy.envoy.config.route.v3.RetryPolicy.newBuilder()
                                                .setRetryOn("5xx,sometimes"))))),
                arguments(
                        "virtual_hosts[0].routes[0].route.hedge_policy.initial_requests: must be 1: a request begins"
                                + " with one attempt",
                        table(route("/", "pay").toBuilder()
                                .setRoute(RouteAction.newBuilder()
                                        .setCluster("pay")
                                        .setHedgePolicy(io.envoyproxy.envoy.config.route.v3.HedgePolicy.newBuilder()
                                                .setInitialRequests(UInt32Value.of(2)))))),
                arguments(
                        "virtual_hosts[0].routes[0].route.request_mirror_policies[0]: needs one of cluster and"
                                + " cluster_header",
                        table(route("/", "pay").toBuilder()
                                .setRoute(RouteAction.newBuilder()
                                        .setCluster("pay")
                                        .addRequestMirrorPolicies(
                                                RouteAction.RequestMirrorPolicy.getDefaultInstance())))),
                arguments(
                        "virtual_hosts[0].routes[0].route.weighted_clusters.clusters: the sum of the weights is 0 and"
                                + " must be between 1 and 4294967295",
                        table(route("/", "pay").toBuilder()
                                .setRoute(RouteAction.newBuilder()
                                        .setWeightedClusters(WeightedCluster.newBuilder()
                                                .addClusters(ClusterWeight.newBuilder()
                                                        .setName("pay")))))),
                arguments(
                        "virtual_hosts[0].routes[0].request_headers_to_add[0].header.value: '%START_TIME' opens"
                                + " an operator with % and does not close it",
                        table(route("/", "pay").toBuilder()
                                .addRequestHeadersToAdd(HeaderValueOption.newBuilder()
                                        .setHeader(HeaderValue.newBuilder()
                                                .setKey("x-a")
                                                .setValue("%START_TIME"))))),
                arguments(
                        "virtual_hosts[0].routes[0].response_headers_to_remove: `a b` is not a header name (RFC 9110"
                                + " section 5.1)",
                        table(route("/", "pay").toBuilder().addResponseHeadersToRemove("a b"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void badResource_isRefusedWithTheSentence(String sentence, Message resource) {
        assertThat(read(resource)).isEqualTo(sentence);
    }

    @Test
    void unknownFilter_thatIsOptional_isLeftOutAndNoted() {
        Listener listener = in(manager()
                .clearHttpFilters()
                .addHttpFilters(filter("quota", UInt32Value.of(1)).toBuilder().setIsOptional(true))
                .addHttpFilters(router()));
        var read = TestCatalogue.reader().listener(Any.pack(listener));
        assertThat(((Parsed.Ok<? extends Resource<?>>) read).value().harmless())
                .extracting(path -> path.get())
                .containsExactly(MANAGER + "http_filters[0].typed_config");
    }

    @Test
    void harmlessField_isAcceptedAndNoted() {
        Listener listener =
                httpListener("in", 8080, "in").toBuilder().setStatPrefix("x").build();
        var read = TestCatalogue.reader().listener(Any.pack(listener));
        assertThat(((Parsed.Ok<? extends Resource<?>>) read).value().harmless())
                .extracting(path -> path.get())
                .containsExactly("stat_prefix");
    }

    private static HttpFilter filter(String name, Message config) {
        return HttpFilter.newBuilder()
                .setName(name)
                .setTypedConfig(Any.pack(config))
                .build();
    }

    private static Listener in(HttpConnectionManager.Builder manager) {
        return listener("in", 8080, manager.setRouteConfig(routes("in", "pay")).build());
    }

    private static RouteConfiguration table(Route.Builder route) {
        return RouteConfiguration.newBuilder()
                .setName("in")
                .addVirtualHosts(
                        VirtualHost.newBuilder().setName("all").addDomains("*").addRoutes(route))
                .build();
    }

    private static String read(Message resource) {
        ResourceReader reader = TestCatalogue.reader();
        Any raw = Any.pack(resource);
        Parsed<?> parsed = switch (resource) {
            case Listener ignored -> reader.listener(raw);
            case Cluster ignored -> reader.cluster(raw);
            case RouteConfiguration ignored -> reader.routeTable(raw);
            case ClusterLoadAssignment ignored -> reader.endpoints(raw);
            default -> throw new AssertionError(resource);
        };
        return parsed instanceof Parsed.Bad<?> bad ? bad.sentence() : "accepted";
    }
}
