package dev.perimeter.proxy.sidecar.parity;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Envoy as it is given out, run by a bootstrap file. */
final class StockEnvoy implements AutoCloseable {

    private final Process process;
    private final Path home;
    private final Map<String, Integer> listeners;

    /** Where the program is, if anywhere. */
    static Optional<Path> find() {
        Stream<String> folders = Stream.concat(
                Stream.of(System.getProperty("perimeter.envoy.folder", "/nowhere")),
                Stream.of(System.getenv("PATH").split(":")));
        return folders.map(folder -> Path.of(folder, "envoy"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Whether it accepts the file; what it says is in {@code validate.out} beside it. */
    static boolean accepts(Path bootstrap) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        find().orElseThrow().toString(),
                        "--mode",
                        "validate",
                        "-c",
                        bootstrap.toString(),
                        "-l",
                        "error")
                .redirectErrorStream(true)
                .redirectOutput(bootstrap.resolveSibling("validate.out").toFile())
                .start();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("envoy does not come to an end about " + bootstrap);
        }
        return process.exitValue() == 0;
    }

    /** @param count of the listeners that will be there */
    StockEnvoy(Path bootstrap, int count) throws IOException {
        home = bootstrap.getParent();
        Path admin = home.resolve("admin-address");
        process = new ProcessBuilder(
                        find().orElseThrow().toString(),
                        "-c",
                        bootstrap.toString(),
                        "--use-dynamic-base-id",
                        "--concurrency",
                        "1",
                        "-l",
                        "error",
                        "--file-flush-interval-msec",
                        "50",
                        "--admin-address-path",
                        admin.toString())
                .redirectOutput(home.resolve("stdout").toFile())
                .redirectError(home.resolve("stderr").toFile())
                .start();
        listeners = await("Envoy with " + count + " listeners")
                .atMost(Duration.ofSeconds(20))
                .until(() -> ask(admin), found -> found.size() >= count && accept(found.values()));
    }

    /** A listener is on the list a moment before it listens. */
    private static boolean accept(Collection<Integer> ports) {
        try {
            for (int port : ports) {
                new Socket(InetAddress.getByName("127.0.0.1"), port).close();
            }
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private Map<String, Integer> ask(Path admin) throws IOException, InterruptedException {
        if (!process.isAlive()) {
            throw new IllegalStateException("envoy ended: " + Files.readString(home.resolve("stderr")));
        }
        Map<String, Integer> found = new TreeMap<>();
        if (!Files.exists(admin) || Files.size(admin) == 0) {
            return found;
        }
        String address = Files.readString(admin).strip();
        try (HttpClient client = HttpClient.newHttpClient()) {
            if (!get(client, address, "/ready").contains("LIVE")) {
                return found;
            }
            for (String line : get(client, address, "/listeners").split("\n")) {
                // NAME::ADDRESS:PORT
                int colon = line.lastIndexOf(':');
                if (line.contains("::127.0.0.1:")) {
                    found.put(line.substring(0, line.indexOf("::")), Integer.parseInt(line.substring(colon + 1)));
                }
            }
        } catch (IOException notYet) {
            found.clear();
        }
        return found;
    }

    private static String get(HttpClient client, String address, String path) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(URI.create("http://" + address + path))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    /** The port of a listener; of the only one for an empty name. */
    int port(String listener) {
        return listener.isEmpty() && listeners.size() == 1
                ? listeners.values().iterator().next()
                : listeners.get(listener);
    }

    String accessLog() throws IOException {
        return Files.readString(home.resolve("stdout"));
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
