package dev.perimeter.proxy.sidecar.soak;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import dev.perimeter.proxy.testkit.TestCa;
import dev.perimeter.proxy.testkit.xds.Resources;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy.RetryHostPredicate;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.UpgradeConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import java.util.List;

/** The resources of the soak test; a tick is a number that makes them differ from those before. */
final class SoakConfig {

    private static final String CERTIFICATE = "certificate";

    private SoakConfig() {}

    /** Plain, with TLS, and bytes as they are. */
    static List<Listener> listeners(int tick) {
        Listener secure = Resources.listener("https", 0, manager(tick));
        secure = secure.toBuilder()
                .setFilterChains(0, secure.getFilterChains(0).toBuilder().setTransportSocket(tls()))
                .build();
        return List.of(
                Resources.listener("http", 0, manager(tick)),
                secure,
                Resources.tcpListener("tcp", 0, tick % 2 == 0 ? "bytes-even" : "bytes-odd"));
    }

    private static HttpConnectionManager manager(int tick) {
        return Resources.manager()
                .setStatPrefix("soak" + tick % 2)
                .addUpgradeConfigs(UpgradeConfig.newBuilder().setUpgradeType("websocket"))
                .addAccessLog(Resources.accessLog("status", "%RESPONSE_CODE% %RESPONSE_FLAGS% %ROUTE_NAME%"))
                .setRds(Rds.newBuilder().setRouteConfigName("table").setConfigSource(Resources.ads()))
                .build();
    }

    private static TransportSocket tls() {
        DownstreamTlsContext context = DownstreamTlsContext.newBuilder()
                .setCommonTlsContext(CommonTlsContext.newBuilder()
                        .addAlpnProtocols("h2")
                        .addAlpnProtocols("http/1.1")
                        .addTlsCertificateSdsSecretConfigs(SdsSecretConfig.newBuilder()
                                .setName(CERTIFICATE)
                                .setSdsConfig(Resources.ads())))
                .build();
        return TransportSocket.newBuilder()
                .setName("envoy.transport_sockets.tls")
                .setTypedConfig(Any.pack(context))
                .build();
    }

    static Secret certificate(TestCa.Issued issued) {
        return Secret.newBuilder()
                .setName(CERTIFICATE)
                .setTlsCertificate(TlsCertificate.newBuilder()
                        .setCertificateChain(DataSource.newBuilder().setInlineString(issued.chainPem()))
                        .setPrivateKey(DataSource.newBuilder().setInlineString(issued.keyPem())))
                .build();
    }

    /** An EDS cluster of servers that speak HTTP/2 with prior knowledge. */
    static Cluster http2(String name) {
        return Resources.edsCluster(name).toBuilder()
                .putTypedExtensionProtocolOptions(
                        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                        Any.pack(HttpProtocolOptions.newBuilder()
                                .setExplicitHttpConfig(ExplicitHttpConfig.newBuilder()
                                        .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance()))
                                .build()))
                .build();
    }

    /** An EDS cluster all of whose requests may be tried again at once: an endpoint's death hits everybody who waits for it. */
    static Cluster patientWithTheDead(String name) {
        return Resources.edsCluster(name).toBuilder()
                .setCircuitBreakers(CircuitBreakers.newBuilder()
                        .addThresholds(Thresholds.newBuilder().setMaxRetries(UInt32Value.of(100))))
                .build();
    }

    static RouteConfiguration routes(int tick) {
        Route app = Resources.route("/", "app");
        RetryPolicy retries = RetryPolicy.newBuilder()
                .setRetryOn("connect-failure,reset,refused-stream")
                .setNumRetries(UInt32Value.of(5))
                .addRetryHostPredicate(
                        RetryHostPredicate.newBuilder().setName("envoy.retry_host_predicates.previous_hosts"))
                .build();
        app = app.toBuilder()
                .setRoute(app.getRoute().toBuilder().setRetryPolicy(retries))
                .build();
        return RouteConfiguration.newBuilder()
                .setName("table")
                .addResponseHeadersToAdd(header("x-tick", Integer.toString(tick)))
                // What a client that was failed needs to tell why.
                .addResponseHeadersToAdd(header("x-flags", "%RESPONSE_FLAGS%"))
                .addResponseHeadersToAdd(header("x-attempts", "%UPSTREAM_REQUEST_ATTEMPT_COUNT%"))
                .addVirtualHosts(VirtualHost.newBuilder()
                        .setName("all")
                        .addDomains("*")
                        .addRoutes(patient("/echo/", "grpc"))
                        .addRoutes(patient("/large", "large"))
                        .addRoutes(patient("/ws", "ws"))
                        .addRoutes(app))
                .build();
    }

    private static HeaderValueOption header(String name, String value) {
        return HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
                .build();
    }

    /** A route without a time-out. */
    private static Route patient(String prefix, String cluster) {
        Route route = Resources.route(prefix, cluster);
        return route.toBuilder()
                .setRoute(route.getRoute().toBuilder().setTimeout(Duration.getDefaultInstance()))
                .build();
    }
}
