package dev.perimeter.proxy.sidecar;

import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import dev.perimeter.proxy.testkit.xds.Resources;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import io.grpc.Server;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the soak test's proxy serves, and how it changes: a new configuration every tick, endpoints that come and go. */
final class SoakWorld implements AutoCloseable {

    /** Bytes of the large answer. */
    static final int LARGE = 4 << 20;

    private static final String LISTENER = "type.googleapis.com/envoy.config.listener.v3.Listener";
    private static final String ROUTES = "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";
    private static final String CLUSTER = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
    private static final String ENDPOINTS = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";

    private final FakeControlPlane controlPlane = FakeControlPlane.start();
    private final Deque<FakeUpstream> apps = new ArrayDeque<>();
    private final Deque<Server> grpcs = new ArrayDeque<>();
    private final FakeUpstream large =
            FakeUpstream.answering(request -> new FakeUpstream.Answer(200, java.util.Map.of(), new byte[LARGE]));
    private int tick;

    SoakWorld() throws IOException {
        for (int i = 0; i < 3; i++) {
            apps.add(app());
        }
        grpcs.add(EchoService.start());
        grpcs.add(EchoService.start());
        controlPlane.publish(
                CLUSTER,
                "1",
                Resources.edsCluster("app"),
                grpc(),
                Resources.staticCluster("large", large.address().getPort()));
        endpoints();
        listener();
        routes();
    }

    int port() {
        return controlPlane.port();
    }

    private static FakeUpstream app() {
        return FakeUpstream.answering(request -> new FakeUpstream.Answer(
                200, java.util.Map.of("X-Length", Integer.toString(request.body().length)), "ok".getBytes()));
    }

    /** Something changes; once in a while somebody dies. */
    void tick() throws IOException {
        tick++;
        // What the upstreams remember of their requests is no leak of the proxy.
        apps.forEach(app -> app.received().clear());
        large.received().clear();
        switch (tick % 4) {
            case 0 -> {
                // Dead before anybody is told: the requests in between are tried again elsewhere.
                apps.removeFirst().close();
                apps.add(app());
                endpoints();
            }
            case 1 -> routes();
            case 2 -> {
                // A server that ends well says so, and nothing may be lost.
                Server old = grpcs.removeFirst();
                grpcs.add(EchoService.start());
                endpoints();
                old.shutdown();
            }
            default -> {
                listener();
                routes();
            }
        }
    }

    private void endpoints() {
        controlPlane.publish(
                ENDPOINTS,
                "e" + tick,
                Resources.endpoints(
                        "app", apps.stream().map(FakeUpstream::address).toList()),
                Resources.endpoints(
                        "grpc",
                        grpcs.stream()
                                .map(server -> new InetSocketAddress("127.0.0.1", server.getPort()))
                                .toList()));
    }

    private static Cluster grpc() {
        return Resources.edsCluster("grpc").toBuilder()
                .putTypedExtensionProtocolOptions(
                        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                        com.google.protobuf.Any.pack(HttpProtocolOptions.newBuilder()
                                .setExplicitHttpConfig(ExplicitHttpConfig.newBuilder()
                                        .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance()))
                                .build()))
                .build();
    }

    private void listener() {
        Listener http = Resources.listener(
                "http",
                0,
                Resources.manager()
                        .setStatPrefix("soak" + tick % 2)
                        .setRds(Rds.newBuilder().setRouteConfigName("table").setConfigSource(Resources.ads()))
                        .build());
        controlPlane.publish(
                LISTENER, "l" + tick, http, Resources.tcpListener("tcp", 0, tick % 2 == 0 ? "large" : "app"));
    }

    private void routes() {
        RetryPolicy retries = RetryPolicy.newBuilder()
                .setRetryOn("connect-failure,reset,refused-stream")
                .setNumRetries(UInt32Value.of(5))
                .build();
        Route app = Resources.route("/", "app");
        app = app.toBuilder()
                .setRoute(app.getRoute().toBuilder().setRetryPolicy(retries))
                .build();
        Route grpc = Resources.route("/echo/", "grpc");
        grpc = grpc.toBuilder()
                .setRoute(grpc.getRoute().toBuilder().setTimeout(Duration.getDefaultInstance()))
                .build();
        Route big = Resources.route("/large", "large");
        big = big.toBuilder()
                .setRoute(big.getRoute().toBuilder().setTimeout(Duration.getDefaultInstance()))
                .build();
        RouteConfiguration table = RouteConfiguration.newBuilder()
                .setName("table")
                .addResponseHeadersToAdd(HeaderValueOption.newBuilder()
                        .setHeader(HeaderValue.newBuilder().setKey("x-tick").setValue(Integer.toString(tick))))
                .addVirtualHosts(
                        VirtualHost.newBuilder().setName("all").addDomains("*").addAllRoutes(List.of(grpc, big, app)))
                .build();
        controlPlane.publish(ROUTES, "r" + tick, table);
    }

    @Override
    public void close() {
        controlPlane.close();
        new ArrayList<>(apps).forEach(FakeUpstream::close);
        large.close();
        for (Server server : grpcs) {
            server.shutdownNow();
            try {
                server.awaitTermination(10, TimeUnit.SECONDS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
