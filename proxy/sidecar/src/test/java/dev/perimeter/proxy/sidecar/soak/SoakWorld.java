package dev.perimeter.proxy.sidecar.soak;

import com.google.protobuf.Message;
import dev.perimeter.controlplane.contract.TypeUrl;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawUpstream;
import dev.perimeter.proxy.testkit.TestCa;
import dev.perimeter.proxy.testkit.WebSocketEcho;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import dev.perimeter.proxy.testkit.xds.Resources;
import io.grpc.Server;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** What the soak test's proxy serves, and how it changes: a new configuration every tick, endpoints that come and go. */
final class SoakWorld implements AutoCloseable {

    /** Bytes of the large answer. */
    static final int LARGE = 4 << 20;

    private final FakeControlPlane controlPlane = FakeControlPlane.start();
    private final TestCa authority = TestCa.create();
    private final Deque<FakeUpstream> apps = new ArrayDeque<>();
    private final Deque<Server> grpcs = new ArrayDeque<>();
    private final FakeUpstream large =
            FakeUpstream.answering(request -> new FakeUpstream.Answer(200, Map.of(), new byte[LARGE]));
    private final RawUpstream webSockets = RawUpstream.running(WebSocketEcho::serve);
    private final RawUpstream bytes = RawUpstream.running(connection -> {
        connection.socket().getInputStream().transferTo(connection.socket().getOutputStream());
    });
    private int tick;

    SoakWorld() throws IOException {
        for (int i = 0; i < 3; i++) {
            apps.add(app());
        }
        grpcs.add(EchoService.start());
        grpcs.add(EchoService.start());
        controlPlane.publish(
                TypeUrl.CLUSTER,
                "1",
                SoakConfig.patientWithTheDead("app"),
                SoakConfig.http2("grpc"),
                Resources.staticCluster("large", large.address().getPort()),
                Resources.staticCluster("ws", webSockets.address().getPort()),
                Resources.staticCluster("bytes-even", bytes.address().getPort()),
                Resources.staticCluster("bytes-odd", bytes.address().getPort()));
        certificate();
        endpoints();
        listeners();
        routes();
    }

    int port() {
        return controlPlane.port();
    }

    /** For clients, who believe the authority of the moment. */
    SSLContext trust() {
        return authority.context(null);
    }

    private static FakeUpstream app() {
        return FakeUpstream.answering(request -> new FakeUpstream.Answer(
                200, Map.of("X-Length", Integer.toString(request.body().length)), "ok".getBytes()));
    }

    /** Something changes; once in a while somebody dies. */
    void tick() throws IOException {
        tick++;
        // What the upstreams remember of their requests is no leak of the proxy.
        apps.forEach(app -> app.received().clear());
        large.received().clear();
        switch (tick % 5) {
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
            case 3 -> certificate();
            default -> {
                listeners();
                routes();
            }
        }
    }

    private void publish(String type, List<? extends Message> resources) {
        controlPlane.publish(type, "v" + tick, resources.toArray(Message[]::new));
    }

    private void certificate() {
        publish(TypeUrl.SECRET, List.of(SoakConfig.certificate(authority.dns("localhost"))));
    }

    private void listeners() {
        publish(TypeUrl.LISTENER, SoakConfig.listeners(tick));
    }

    private void routes() {
        publish(TypeUrl.ROUTE_CONFIGURATION, List.of(SoakConfig.routes(tick)));
    }

    private void endpoints() {
        publish(
                TypeUrl.ENDPOINT,
                List.of(
                        Resources.endpoints(
                                "app", apps.stream().map(FakeUpstream::address).toList()),
                        Resources.endpoints(
                                "grpc",
                                grpcs.stream()
                                        .map(server -> new InetSocketAddress("127.0.0.1", server.getPort()))
                                        .toList())));
    }

    @Override
    public void close() {
        controlPlane.close();
        new ArrayList<>(apps).forEach(FakeUpstream::close);
        large.close();
        webSockets.close();
        bytes.close();
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
