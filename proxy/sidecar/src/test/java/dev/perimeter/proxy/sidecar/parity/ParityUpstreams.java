package dev.perimeter.proxy.sidecar.parity;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.perimeter.proxy.sidecar.parity.ParityAnswer.Seen;
import dev.perimeter.proxy.testkit.Http2Exchange;
import dev.perimeter.proxy.testkit.Http2Upstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * The services that bootstraps of the comparison name by their ports: 8001 to 8003 speak HTTP/1.1, 8101 HTTP/2, 8443 HTTPS;
 * nobody listens at 8999. Each answers with its name and what it was asked; some paths have a meaning of their own.
 */
final class ParityUpstreams implements AutoCloseable {

    private static final int NOBODY = 8999;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<HttpServer> servers = new ArrayList<>();
    private final Map<Integer, Integer> ports = new HashMap<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Map<String, Boolean> flaky = new ConcurrentHashMap<>();
    private final Http2Upstream http2 = Http2Upstream.serving(this::serve);

    ParityUpstreams(SSLContext tls) throws IOException {
        for (int port : new int[] {8001, 8002, 8003}) {
            start(port, HttpServer.create(any(), 0));
        }
        HttpsServer https = HttpsServer.create(any(), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(tls));
        start(8443, https);
        ports.put(8101, http2.address().getPort());
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            ports.put(NOBODY, free.getLocalPort());
        }
    }

    private static InetSocketAddress any() throws IOException {
        return new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
    }

    private void start(int port, HttpServer server) {
        server.createContext("/", exchange -> serve(port, exchange));
        server.setExecutor(threads);
        server.start();
        servers.add(server);
        ports.put(port, server.getAddress().getPort());
    }

    /** The real port for one of a file; 0 for those of listeners and admin pages. */
    int port(int written) {
        return ports.getOrDefault(written, 0);
    }

    /** Forgets what it was asked before. */
    void reset() {
        seen.clear();
        flaky.clear();
    }

    /** What was seen since this was asked last. */
    List<Seen> seen() {
        List<Seen> all = List.copyOf(seen);
        seen.clear();
        return all;
    }

    private void serve(int port, HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String target = exchange.getRequestURI().toString();
            if (!target.equals("/healthz")) {
                String line = exchange.getRequestMethod() + " " + target + " " + exchange.getProtocol();
                seen.add(Seen.of(port + "", line, exchange.getRequestHeaders(), body));
            }
            int status = status(target);
            byte[] answer =
                    (port + " answers " + exchange.getRequestMethod() + " " + target).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("content-type", "text/plain");
            exchange.getResponseHeaders().add("x-upstream", port + "");
            exchange.getResponseHeaders().add("x-remove-me", "please");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, head ? -1 : answer.length);
            if (!head) {
                exchange.getResponseBody().write(answer);
            }
        }
    }

    private void serve(Http2Exchange exchange) throws Exception {
        String body = exchange.content();
        Map<String, List<String>> headers = new TreeMap<>();
        exchange.head().forEach(field -> {
            String name = field.getKey().toString();
            if (!name.startsWith(":")) {
                headers.computeIfAbsent(name, key -> new ArrayList<>())
                        .add(field.getValue().toString());
            }
        });
        String method = exchange.head().method().toString();
        String path = exchange.head().path().toString();
        headers.put("host", List.of(String.valueOf(exchange.head().authority())));
        headers.put(":scheme", List.of(String.valueOf(exchange.head().scheme())));
        seen.add(Seen.of("8101", method + " " + path + " HTTP/2", headers, body));
        exchange.respond(status(path), false, "content-type", "text/plain", "x-upstream", "8101");
        exchange.send("8101 answers " + method + " " + path, true);
    }

    private int status(String target) {
        try {
            if (target.startsWith("/slow")) {
                TimeUnit.SECONDS.sleep(1);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
        if (target.startsWith("/status/")) {
            return Integer.parseInt(target.substring("/status/".length()));
        }
        if (target.startsWith("/flaky/")) {
            return flaky.putIfAbsent(target, true) == null ? 503 : 200;
        }
        return 200;
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
        http2.close();
        threads.shutdownNow();
    }
}
