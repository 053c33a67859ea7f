package dev.perimeter.labs.harness.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.perimeter.labs.harness.json.Json;
import dev.perimeter.labs.harness.site.Site;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The node's control address, 127.N.0.1:15099: what {@code up} and {@code down} tell the node. Its listener is also what
 * holds the site's number. A caller must show the token of {@code run.json}, which only the owner can read; another user
 * of this machine, or a web page, cannot.
 */
final class NodeServer implements AutoCloseable {
    static final String TOKEN_HEADER = "X-Perimeter-Token";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final String token;
    private final LocalNode node;

    private NodeServer(HttpServer server, String token, LocalNode node) {
        this.server = server;
        this.token = token;
        this.node = node;
    }

    /**
     * Takes the site.
     *
     * @throws IOException if another node holds it
     */
    static NodeServer open(Site site, String token, LocalNode node) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(site.hold()), Site.HOLD_PORT);
        NodeServer opened = new NodeServer(bind(site, address), token, node);
        opened.server.setExecutor(opened.threads);
        opened.server.createContext("/", opened::handle);
        opened.server.start();
        return opened;
    }

    private static HttpServer bind(Site site, InetSocketAddress address) throws IOException {
        try {
            return HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new IOException("site " + site.number() + " is taken: " + address + ": " + e.getMessage(), e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!allowed(exchange.getRequestHeaders().getFirst(TOKEN_HEADER))) {
                answer(exchange, 403, "{}");
                return;
            }
            String call =
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
            switch (call) {
                case "GET /state" -> answer(exchange, 200, Json.write(node.state()));
                case "POST /sync" -> answer(exchange, 200, Json.write(node.sync()));
                // Answered first: afterwards there may soon be nobody left to answer.
                case "POST /give-up" -> {
                    answer(exchange, 202, "{}");
                    node.giveUp();
                }
                case "POST /start-missing" -> {
                    String holder = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                    node.startMissing(NodeOptions.lease(holder));
                    answer(exchange, 202, "{}");
                }
                case "POST /commit" -> {
                    node.commit();
                    answer(exchange, 202, "{}");
                }
                case "POST /stop" -> {
                    answer(exchange, 202, "{}");
                    node.requestStop();
                }
                default -> answer(exchange, 404, "{}");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean allowed(@Nullable String shown) {
        return shown != null
                && MessageDigest.isEqual(
                        shown.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
