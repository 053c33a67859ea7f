package dev.perimeter.controlplane.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.perimeter.controlplane.discovery.ProxyView;
import dev.perimeter.controlplane.translate.Translator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The console's pages over HTTP: {@code /ready}, {@code /status} and {@code /config_dump?node=ID}, all JSON. */
final class Console implements AutoCloseable {
    private final HttpServer server;

    private Console(HttpServer server) {
        this.server = server;
    }

    private record Page(int status, String json) {}

    /**
     * Starts to listen.
     *
     * @param world the newest world
     * @param trouble why that may not be what the files say, null if there is no reason
     * @param proxies the connected proxies
     */
    static Console start(
            InetSocketAddress address,
            Supplier<Translator> world,
            Supplier<@Nullable String> trouble,
            Supplier<List<ProxyView>> proxies)
            throws IOException {
        HttpServer server = HttpServer.create(address, 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> answer(exchange, page(exchange, world.get(), trouble, proxies)));
        server.start();
        return new Console(server);
    }

    int port() {
        return server.getAddress().getPort();
    }

    private static Page page(
            HttpExchange exchange,
            Translator world,
            Supplier<@Nullable String> trouble,
            Supplier<List<ProxyView>> proxies) {
        if (!exchange.getRequestMethod().equals("GET")) {
            return new Page(405, error("The console only answers GET."));
        }
        return switch (exchange.getRequestURI().getPath()) {
            case "/ready" -> {
                String reason = trouble.get();
                yield reason == null ? new Page(200, "{\"ready\":true}\n") : new Page(503, error(reason));
            }
            case "/status" -> {
                List<ProxyView> views = proxies.get();
                yield new Page(
                        200,
                        StatusJson.write(
                                StatusBook.of(world, views), world.world().problems(), views));
            }
            case "/config_dump" -> {
                String query = exchange.getRequestURI().getRawQuery();
                if (query == null || !query.startsWith("node=")) {
                    yield new Page(400, error("Name the proxy: /config_dump?node=gateway~shop/gateway"));
                }
                String node = URLDecoder.decode(query.substring("node=".length()), StandardCharsets.UTF_8);
                yield switch (ConfigDump.of(node, world, proxies.get())) {
                    case ConfigDump.Text text -> new Page(200, text.json());
                    case ConfigDump.None none -> new Page(404, error(none.sentence()));
                };
            }
            default -> new Page(404, error("The pages are /ready, /status and /config_dump?node=ID."));
        };
    }

    private static String error(String sentence) {
        return "{\"error\":\"" + sentence.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}\n";
    }

    private static void answer(HttpExchange exchange, Page page) throws IOException {
        try (exchange) {
            byte[] body = page.json().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(page.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Stops at once. */
    @Override
    public void close() {
        server.stop(0);
    }
}
