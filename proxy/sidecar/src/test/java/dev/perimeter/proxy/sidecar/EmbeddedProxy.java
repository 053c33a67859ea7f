package dev.perimeter.proxy.sidecar;

import static org.awaitility.Awaitility.await;

import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filters.BuiltInFilters;
import dev.perimeter.proxy.listen.DataPlane;
import dev.perimeter.proxy.listen.DataPlaneOptions;
import dev.perimeter.proxy.listen.ListenerView;
import dev.perimeter.proxy.sidecar.bootstrap.Bootstrap;
import dev.perimeter.proxy.sidecar.bootstrap.BootstrapReader;
import dev.perimeter.proxy.xds.source.ResourceSource;
import dev.perimeter.proxy.xds.transport.ControlPlane;
import dev.perimeter.proxy.xds.transport.GrpcTransports.AdsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A whole proxy inside a test: everything of the process but its main and its signals. */
public final class EmbeddedProxy implements AutoCloseable {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final RunningProxy proxy;
    private final ByteArrayOutputStream accessLog = new RecentLog();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /** What a long test logs is not kept for ever. */
    private static final class RecentLog extends ByteArrayOutputStream {

        private static final int ENOUGH = 1 << 20;

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            if (count > ENOUGH) {
                reset();
            }
            super.write(bytes, offset, length);
        }
    }

    private EmbeddedProxy(Bootstrap bootstrap, Path lastGood) {
        try {
            proxy = RunningProxy.start(
                    bootstrap,
                    BuiltInFilters.all(),
                    DataPlaneOptions.forThisMachine().withLoops(2).withAccessLog(accessLog),
                    "bootstrap.yaml",
                    lastGood);
        } catch (IOException busy) {
            throw new UncheckedIOException(busy);
        }
    }

    /** Starts a proxy that follows the control plane on this port of 127.0.0.1, be it there or not. */
    public static EmbeddedProxy following(int controlPlanePort) {
        return following(controlPlanePort, false);
    }

    /** @param delta whether it asks for changes only */
    public static EmbeddedProxy following(int controlPlanePort, boolean delta) {
        return following(controlPlanePort, delta, null);
    }

    /** @param lastGood where it keeps its last complete configuration, or null */
    public static EmbeddedProxy following(int controlPlanePort, boolean delta, Path lastGood) {
        return following(controlPlanePort, delta, ResourceSource.ADS, lastGood);
    }

    /** @param root where clusters and listeners come from; the control plane is called {@code xds} */
    public static EmbeddedProxy following(int controlPlanePort, boolean delta, ResourceSource root, Path lastGood) {
        InetSocketAddress target = new InetSocketAddress(LOOPBACK, controlPlanePort);
        return new EmbeddedProxy(
                new Bootstrap(
                        new Bootstrap.NodeIdentity(
                                "sidecar~shop/payment-v1-0", "payment-v1", Map.of("POD_IP", "127.0.0.1"), "", "", ""),
                        new InetSocketAddress(LOOPBACK, 0),
                        Map.of("xds", new ControlPlane("xds", List.of(target), ControlPlane.Keepalive.DEFAULT)),
                        root.equals(ResourceSource.ADS) ? new AdsServer("xds", delta) : null,
                        root,
                        root,
                        Map.of(),
                        List.of(),
                        Map.of("node", Map.of("id", "sidecar~shop/payment-v1-0"))),
                lastGood);
    }

    /** Starts a proxy from the text of a bootstrap. */
    public static EmbeddedProxy from(String bootstrap) {
        return switch (BootstrapReader.read(bootstrap)) {
            case Parsed.Ok<Bootstrap>(Bootstrap read) -> new EmbeddedProxy(read, null);
            case Parsed.Bad<Bootstrap> bad -> throw new AssertionError(bad.sentence());
        };
    }

    /** What whoever starts a process with this file is told. */
    public static String refusal(Path file) throws IOException {
        switch (ProxyProcess.read(file)) {
            case Parsed.Bad<Bootstrap> bad -> {
                return bad.sentence();
            }
            case Parsed.Ok<Bootstrap>(Bootstrap bootstrap) -> {
                try (RunningProxy proxy = RunningProxy.start(
                        bootstrap, BuiltInFilters.all(), DataPlaneOptions.forThisMachine(), file.toString(), null)) {
                    return "nothing is wrong with it: " + proxy;
                } catch (IOException refused) {
                    return ProxyProcess.located(file, String.valueOf(refused.getMessage()));
                }
            }
        }
    }

    public EmbeddedProxy awaitReady() {
        await().until(() -> proxy.notReady() == null);
        return this;
    }

    /** Where a listener accepts connections. */
    public InetSocketAddress listener(String name) {
        return await().until(
                        () -> proxy.dataPlane().listeners().stream()
                                .filter(listener -> listener.name().equals(name)
                                        && listener.address().getPort() > 0)
                                .findFirst(),
                        java.util.Optional::isPresent)
                .map(ListenerView::address)
                .orElseThrow();
    }

    /** The port of a listener; of the only one for an empty name. */
    public int port(String name) {
        return name.isEmpty()
                ? await().until(
                                () -> proxy.dataPlane().listeners(),
                                listeners -> listeners.size() == 1
                                        && listeners.getFirst().address().getPort() > 0)
                        .getFirst()
                        .address()
                        .getPort()
                : listener(name).getPort();
    }

    public HttpResponse<String> get(String listener, String path) {
        InetSocketAddress address = listener(listener);
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + path)));
    }

    public HttpResponse<String> admin(String path) {
        return send(HttpRequest.newBuilder(adminUri(path)));
    }

    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    public URI adminUri(String path) {
        return URI.create("http://" + proxy.adminAuthority() + path);
    }

    public DataPlane dataPlane() {
        return proxy.dataPlane();
    }

    RunningProxy running() {
        return proxy;
    }

    public String accessLog() {
        return accessLog.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        proxy.close();
        client.shutdownNow();
    }
}
