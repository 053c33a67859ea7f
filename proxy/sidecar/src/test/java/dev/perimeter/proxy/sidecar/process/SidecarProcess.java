package dev.perimeter.proxy.sidecar.process;

import dev.perimeter.proxy.testkit.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A sidecar of the command line, with the JVM options that it is started with elsewhere. */
final class SidecarProcess implements AutoCloseable {

    private static final String MAIN = "dev.perimeter.proxy.sidecar.Main";

    /** Tests log less than a process does, and both read the same file. */
    private static final List<String> OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-Xmx32m",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=info");

    private static final Pattern ADMIN = Pattern.compile("admin pages at (\\S+)");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ChildJvm jvm;
    private final HttpClient client = HttpClient.newHttpClient();

    private SidecarProcess(ChildJvm jvm) {
        this.jvm = jvm;
    }

    static ChildJvm withArguments(String... arguments) {
        return ChildJvm.start(OPTIONS, MAIN, arguments);
    }

    /** @param bootstrap in YAML; its admin pages must be on port 0 or one of its own */
    static SidecarProcess start(Path folder, String bootstrap) {
        try {
            Path file = Files.writeString(Files.createTempFile(folder, "bootstrap", ".yaml"), bootstrap);
            return new SidecarProcess(withArguments("--bootstrap", file.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SidecarProcess awaitReady() {
        jvm.awaitError(ADMIN);
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> org.assertj.core.api.Assertions.assertThat(
                                admin("GET", "/ready").statusCode())
                        .as(jvm::errors)
                        .isEqualTo(200));
        return this;
    }

    HttpResponse<String> admin(String method, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://" + jvm.awaitError(ADMIN) + path);
        return client.send(
                HttpRequest.newBuilder(uri)
                        .method(method, BodyPublishers.noBody())
                        .timeout(PATIENCE)
                        .build(),
                BodyHandlers.ofString());
    }

    /** Where its listener of that name accepts. */
    InetSocketAddress listener(String name) throws IOException, InterruptedException {
        String page = admin("GET", "/listeners").body();
        Matcher line = Pattern.compile("(?m)^" + name + "::(\\S+):(\\d+)$").matcher(page);
        if (!line.find()) {
            throw new AssertionError("no listener " + name + " in " + page);
        }
        return new InetSocketAddress(line.group(1), Integer.parseInt(line.group(2)));
    }

    /** By {@code kill -NAME}, as orchestrators do it. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(jvm.process().pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    ChildJvm jvm() {
        return jvm;
    }

    @Override
    public void close() {
        client.shutdownNow();
        jvm.close();
    }
}
