package dev.perimeter.proxy.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.listen.DataPlane;
import dev.perimeter.proxy.listen.DataPlaneOptions;
import dev.perimeter.proxy.snapshot.Snapshot;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** A data plane in this process, with a client and its access log. */
public final class RunningProxy implements AutoCloseable {

    public static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What every proxy started from now on is given; {@code NioTest} changes it for a while. */
    public static UnaryOperator<DataPlaneOptions> transport = options -> options;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final DataPlane dataPlane = DataPlane.start(
            transport.apply(DataPlaneOptions.forThisMachine().withLoops(2).withAccessLog(log)));
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public RunningProxy(Config config) {
        apply(config.snapshot());
    }

    public void apply(Snapshot snapshot) {
        assertThat(dataPlane.apply(snapshot).join()).isEmpty();
    }

    public DataPlane dataPlane() {
        return dataPlane;
    }

    public InetSocketAddress address() {
        return address("http");
    }

    public InetSocketAddress address(String listener) {
        return dataPlane.listeners().stream()
                .filter(view -> view.name().equals(listener))
                .findFirst()
                .orElseThrow()
                .address();
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + address().getPort() + path);
    }

    public HttpClient client() {
        return client;
    }

    public HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder(uri(path)));
    }

    public HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The lines so far; waits until there are that many. */
    public List<String> logLines(int count) {
        Awaitility.await().atMost(PATIENCE).until(() -> lines().size() >= count);
        return lines();
    }

    private List<String> lines() {
        return log.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Override
    public void close() {
        client.shutdownNow();
        dataPlane.close();
    }
}
