package dev.perimeter.proxy.sidecar.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.perimeter.proxy.sidecar.EmbeddedProxy;
import dev.perimeter.proxy.sidecar.parity.ParityAnswer.Seen;
import dev.perimeter.proxy.testkit.ExpectedWarnings;
import dev.perimeter.proxy.testkit.TestCa;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bootstrap files as people write them, run by stock Envoy and by this proxy: what one accepts the other accepts, and the
 * same requests have the same answers and reach the services as the same requests. A file of {@code bootstraps/good} is a
 * case.
 */
@ExpectedWarnings({
    "AdsClient - no control plane at localhost:",
    "AdsClient - going on without clusters of the control plane, which has not said any",
    "AdsClient - going on without listeners of the control plane, which has not said any",
    // gRPC had a name looked up, and by then the client was closed.
    "Force-closing a channel whose registration task was not accepted by an event loop"
})
class BootstrapParityTest {

    @TempDir
    static Path folder;

    private static Path certificates;
    private static ParityUpstreams upstreams;
    private static ParityClient client;

    @BeforeAll
    static void start() throws IOException {
        TestCa ca = TestCa.create();
        TestCa.Issued server = ca.dns("shop.example", "other.example", "upstream.example", "localhost");
        TestCa.Issued user = ca.dns("client.example");
        certificates = Files.createDirectories(folder.resolve("certs"));
        Files.writeString(certificates.resolve("ca.crt"), ca.pem());
        Files.writeString(certificates.resolve("server.crt"), server.chainPem());
        Files.writeString(certificates.resolve("server.key"), server.keyPem());
        upstreams = new ParityUpstreams(ca.context(server));
        client = new ParityClient(ca.context(user));
    }

    @AfterAll
    static void stop() {
        upstreams.close();
    }

    static Stream<ParityFile> good() throws IOException, URISyntaxException {
        return files("good");
    }

    private static Stream<ParityFile> files(String kind) throws IOException, URISyntaxException {
        Path resources = Path.of(Objects.requireNonNull(BootstrapParityTest.class.getResource("/bootstraps/" + kind))
                .toURI());
        List<ParityFile> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(resources)) {
            String only = System.getProperty("perimeter.parity.only", ".*");
            for (Path file : all.sorted().toList()) {
                if (!file.getFileName().toString().matches(only)) {
                    continue;
                }
                files.add(ParityFile.read(kind, file.getFileName().toString()));
            }
        }
        return files.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("good")
    void fileThatEnvoyAccepts_meansTheSameHere(ParityFile file) throws Exception {
        assumeTrue(StockEnvoy.find().isPresent(), "envoy is not installed");
        Path theirs =
                file.write(Files.createDirectories(folder.resolve("envoy-" + file)), certificates, upstreams::port);
        Path ours = file.write(Files.createDirectories(folder.resolve("ours-" + file)), certificates, upstreams::port);
        assertThat(StockEnvoy.accepts(theirs))
                .as(() -> read(theirs.resolveSibling("validate.out")))
                .isTrue();
        List<String> expected;
        String expectedLog;
        try (StockEnvoy envoy = new StockEnvoy(theirs, file.listeners())) {
            expected = answers(file, envoy::port);
            expectedLog = file.marked("access-log") ? log(envoy::accessLog, file) : "";
        }
        try (EmbeddedProxy proxy = EmbeddedProxy.from(Files.readString(ours))) {
            List<String> actual = answers(file, proxy::port);
            SoftAssertions.assertSoftly(softly -> {
                for (int i = 0; i < expected.size(); i++) {
                    softly.assertThat(actual.get(i))
                            .as("%s", file.requests().get(i))
                            .isEqualTo(expected.get(i));
                }
                if (file.marked("access-log")) {
                    softly.assertThat(log(proxy::accessLog, file)).isEqualTo(expectedLog);
                }
            });
        }
    }

    /** What comes of each request, in their order. */
    private static List<String> answers(ParityFile file, ToIntFunction<String> ports) throws IOException {
        upstreams.reset();
        List<String> answers = new ArrayList<>();
        for (ParityRequest request : file.requests()) {
            int port = ports.applyAsInt(request.listener());
            answers.add(
                    request.times() == 1
                            ? answer(request, port).toString()
                            : request.sticky() ? sticky(request, port) : shares(request, port));
        }
        return answers;
    }

    private static ParityAnswer answer(ParityRequest request, int port) throws IOException {
        ParityClient.Raw raw = client.send(request, port, upstreams.port(request.to()));
        return KnownParity.without(ParityAnswer.of(raw.status(), raw.headers(), raw.body(), upstreams.seen()));
    }

    /** Which upstreams had how much of it, to the nearest fifth. */
    private static String shares(ParityRequest request, int port) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < request.times(); i++) {
            for (Seen seen : answer(request, port).seen()) {
                counts.merge(seen.upstream(), 1, Integer::sum);
            }
        }
        counts.replaceAll((upstream, count) -> Math.round(5f * count / request.times()));
        return "fifths of the requests by upstream: " + counts;
    }

    /** Whether one upstream has them all once the cookies are sent back; which it is, is chance. */
    private static String sticky(ParityRequest request, int port) throws IOException {
        ParityClient.Raw first = client.send(request, port, upstreams.port(request.to()));
        String cookie = first.headers().getOrDefault("set-cookie", List.of("")).getFirst();
        String session = first.headers().getOrDefault("x-session", List.of("")).getFirst();
        String attributes = cookie.replaceFirst("=[^;]*", "=*") + (session.isEmpty() ? "" : " and a header");
        ParityRequest again = request.with("cookie", cookie.split(";")[0]).with("x-session", session);
        Set<String> bodies = new TreeSet<>(Set.of(first.body()));
        for (int i = 1; i < request.times(); i++) {
            ParityClient.Raw raw = client.send(again, port, 0);
            bodies.add(raw.body());
            attributes += raw.headers().getOrDefault("set-cookie", List.of());
            attributes += raw.headers().getOrDefault("x-session", List.of());
        }
        upstreams.seen();
        return bodies.size() + " upstreams; " + attributes;
    }

    /** The lines of an access log without what is drawn or measured. */
    private static String log(Callable<String> log, ParityFile file) {
        int lines = file.requests().size();
        String all = await().until(log, text -> text.lines().count() >= lines);
        return KnownParity.without(all)
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME")
                .replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "UUID")
                .replaceAll("127\\.0\\.0\\.1:\\d+", "ADDRESS")
                .replaceAll("( \\d+)( \\d+) \\d+ \\d+ ", "$1$2 MS MS ");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException absent) {
            return absent.toString();
        }
    }
}
