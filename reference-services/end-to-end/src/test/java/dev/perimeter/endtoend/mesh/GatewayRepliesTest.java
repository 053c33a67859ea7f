package dev.perimeter.endtoend.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.perimeter.labs.harness.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client outside reads when something goes wrong inside: a problem it understands, and nothing of the inside. */
class GatewayRepliesTest {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final int PATIENCE_MILLIS = 10_000;

    /** In any spelling: addresses, names of ours, of what we are made of, and Envoy's words for connections. */
    private static final List<String> INTERNAL = List.of(
            "127.",
            "localhost",
            "order-processor",
            "shop",
            "outbound",
            "inbound",
            "cluster",
            "upstream",
            "sidecar",
            "perimeter",
            "envoy",
            "netty",
            "java",
            "spring",
            "tomcat",
            "x-proxy",
            "reset",
            "connection refused");

    private static final List<String> HEADERS =
            List.of("server", "via", "x-powered-by", "x-proxy-reason", "x-envoy-upstream-service-time");

    private static RunningMesh system;
    private static URI door;

    /** Takes connections, as the system does for it, and never says a word. */
    private static ServerSocket silent;

    private static Socket held;

    @BeforeAll
    static void up(@TempDir Path folder) throws IOException {
        system = new RunningMesh(folder.resolve("lab"));
        door = system.mesh().url("gateway");
        silent = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        // A port that nobody can take while the test runs, and on which nobody listens.
        held = new Socket();
        held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        system.mesh().apply("empty.yaml", route("empty", "30s") + "---\n" + service("empty"));
        system.mesh().apply("refused.yaml", backend("refused", "127.0.0.1", held.getLocalPort(), "30s"));
        system.mesh().apply("silent.yaml", backend("silent", "127.0.0.1", silent.getLocalPort(), "300ms"));
        URI proxy = URI.create(
                "http://" + system.mesh().process("order-processor-0-proxy").address());
        system.mesh().apply("behind.yaml", backend("behind", proxy.getHost(), 8080, "30s"));
    }

    @AfterAll
    static void down() throws IOException {
        silent.close();
        held.close();
        system.close();
    }

    @Test
    void noRoute_isNotFound() {
        assertProblem("/nowhere", "", 404, "Not Found");
    }

    @Test
    void bodyBeyondTheLimit_isContentTooLarge() {
        assertProblem("/orders", "Content-Length: 99999999\r\n", 413, "Content Too Large");
    }

    @Test
    void ambiguousRequest_isBadRequest() {
        assertProblem("/orders", "Host: other\r\n", 400, "Bad Request");
    }

    @Test
    void serviceWithoutABackend_isServiceUnavailable() {
        assertProblem("/empty", "", 503, "Service Unavailable");
    }

    @Test
    void backendThatRefusesConnections_isServiceUnavailable() {
        assertProblem("/refused", "", 503, "Service Unavailable");
    }

    @Test
    void backendThatSaysNothing_isGatewayTimeout() {
        assertProblem("/silent", "", 504, "Gateway Timeout");
    }

    @Test
    void sidecarThatAnswersForItsDeadApplication_tellsTheReasonInsideOnly() throws IOException {
        URI inside = URI.create(
                "http://" + system.mesh().process("order-processor-0-proxy").address());
        system.kill("order-processor-0");

        Reply told = ask(URI.create("http://" + inside.getHost() + ":8080"), "/orders", "");
        assertThat(told.status()).isEqualTo(503);
        assertThat(told.head()).containsIgnoringCase("x-proxy-reason: cluster 'inbound/8080'");
        assertProblem("/behind", "", 503, "Service Unavailable");
    }

    /** Applied routes take a moment; until then nothing is found. */
    private static void assertProblem(String path, String headers, int status, String title) {
        await().atMost(BOUND)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> ask(door, path, headers).status() == status);
        Reply reply;
        try {
            reply = ask(door, path, headers);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.head()).containsIgnoringCase("\r\ncontent-type: application/problem+json");
        Map<String, ?> problem = Json.object(reply.body());
        assertThat(problem.get("type")).isEqualTo("about:blank");
        assertThat(problem.get("title")).isEqualTo(title);
        assertThat(String.valueOf(problem.get("status"))).isEqualTo(String.valueOf(status));
        assertThat(String.valueOf(problem.get("detail"))).hasSizeGreaterThan(10);
        assertThat((reply.head() + reply.body()).toLowerCase(Locale.ROOT)).doesNotContain(INTERNAL);
        assertThat(reply.head().toLowerCase(Locale.ROOT).lines())
                .noneMatch(line -> HEADERS.stream().anyMatch(name -> line.startsWith(name + ":")));
    }

    private static Reply ask(URI place, String path, String headers) throws IOException {
        try (Socket socket = new Socket(place.getHost(), place.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream()
                    .write(("POST " + path + " HTTP/1.1\r\nHost: outside\r\nConnection: close\r\n" + headers + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int end = text.indexOf("\r\n\r\n");
            return new Reply(Integer.parseInt(text.substring(9, 12)), text.substring(0, end), text.substring(end + 4));
        }
    }

    private record Reply(int status, String head, String body) {}

    private static String backend(String name, String address, int port, String timeout) {
        return """
            %s---
            %s---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: %s-outside-the-node
              namespace: shop
              labels:
                kubernetes.io/service-name: %s
            addressType: IPv4
            endpoints:
              - addresses:
                  - %s
                conditions:
                  ready: true
            ports:
              - name: rest
                port: %d
                protocol: TCP
            """.formatted(route(name, timeout), service(name), name, name, address, port);
    }

    private static String service(String name) {
        return """
            apiVersion: v1
            kind: Service
            metadata:
              name: %s
              namespace: shop
            spec:
              selector:
                app: %s
              ports:
                - name: rest
                  port: 8080
                  appProtocol: http
            """.formatted(name, name);
    }

    private static String route(String name, String timeout) {
        return """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata:
              name: %s
              namespace: shop
            spec:
              parentRefs:
                - name: gateway
              rules:
                - matches:
                    - path:
                        type: PathPrefix
                        value: /%s
                  timeouts:
                    request: %s
                  backendRefs:
                    - name: %s
                      port: 8080
            """.formatted(name, name, timeout, name);
    }
}
