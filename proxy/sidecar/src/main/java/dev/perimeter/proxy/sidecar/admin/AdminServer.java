package dev.perimeter.proxy.sidecar.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.perimeter.proxy.sidecar.admin.AdminPage.Reply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the admin pages, on loopback and off the hot path, by the JDK's own server. What changes something is a POST and
 * does not come from a web page: browsers say where a POST comes from.
 */
public final class AdminServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

    private static final int THREADS = 2;

    private record Entry(String method, AdminPage page, String help) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "admin");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Entry> pages = new LinkedHashMap<>();

    private AdminServer(HttpServer server) {
        this.server = server;
        get("/ready", new ReadyPage(), "LIVE, or why not");
        get("/stats/prometheus", new StatsPage(), "all numbers, for Prometheus");
        get("/config_dump", new ConfigDumpPage(), "the configuration in effect, and the last that was refused");
        get("/clusters", new ClustersPage(), "clusters, their endpoints and load (?format=json)");
        get("/listeners", new ListenersPage(), "where connections are accepted (?format=json)");
        get("/server_info", new ServerInfoPage(), "node, state, uptime");
        pages.put("/drain", new Entry("POST", new DrainPage(), "stop accepting and let requests end"));
        get("/", this::index, "this page");
    }

    /**
     * Takes the address; nothing is answered before {@link #serve}.
     *
     * @throws IOException whose message is a sentence for the operator
     */
    public static AdminServer bind(InetSocketAddress address) throws IOException {
        try {
            return new AdminServer(HttpServer.create(address, 0));
        } catch (IOException busy) {
            throw new IOException(
                    "the admin address " + authority(address) + " cannot be had: " + busy.getMessage()
                            + "; is another proxy running there?",
                    busy);
        }
    }

    /** Begins to answer. */
    public void serve(ProxyView proxy) {
        server.createContext("/", exchange -> handle(exchange, proxy));
        server.setExecutor(threads);
        server.start();
    }

    public String authority() {
        return authority(server.getAddress());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void get(String path, AdminPage page, String help) {
        pages.put(path, new Entry("GET", page, help));
    }

    private void handle(HttpExchange exchange, ProxyView proxy) throws IOException {
        try (exchange) {
            Reply reply = reply(exchange, proxy);
            exchange.getResponseHeaders().set("Content-Type", reply.contentType());
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(reply.status(), head ? -1 : reply.body().length);
            if (!head) {
                exchange.getResponseBody().write(reply.body());
            }
        }
    }

    private Reply reply(HttpExchange exchange, ProxyView proxy) {
        String path = exchange.getRequestURI().getPath();
        String query = exchange.getRequestURI().getQuery();
        String method = exchange.getRequestMethod();
        Entry entry = pages.get(path);
        if (entry == null) {
            return Reply.text(404, "there is no page " + path + "; / lists those there are\n");
        }
        if (!entry.method.equals(method) && !(entry.method.equals("GET") && method.equals("HEAD"))) {
            exchange.getResponseHeaders().set("Allow", entry.method);
            return Reply.text(405, path + " wants " + entry.method + ", not " + method + "\n");
        }
        if (entry.method.equals("POST") && origin(exchange) != null) {
            return Reply.text(403, path + " may not be asked for from a web page\n");
        }
        try {
            return entry.page.answer(proxy, query == null ? "" : query);
        } catch (RuntimeException defect) {
            LOG.error("admin page {} failed", path, defect);
            return Reply.text(500, path + " failed: " + defect + "\n");
        }
    }

    private static @Nullable String origin(HttpExchange exchange) {
        return exchange.getRequestHeaders().getFirst("Origin");
    }

    private Reply index(ProxyView proxy, String query) {
        StringBuilder text = new StringBuilder(proxy.bootstrap().nodeId()).append("\n\n");
        pages.forEach((path, entry) -> text.append(String.format("%-4s %-18s %s%n", entry.method, path, entry.help)));
        return Reply.text(200, text.toString());
    }

    private static String authority(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
