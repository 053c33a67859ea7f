package dev.perimeter.proxy.sidecar.admin;

import dev.perimeter.proxy.sidecar.admin.config.ConfigDumpPage;
import dev.perimeter.proxy.sidecar.admin.explain.ExplainPage;
import dev.perimeter.proxy.sidecar.admin.operate.DrainListenersPage;
import dev.perimeter.proxy.sidecar.admin.operate.LoggingPage;
import dev.perimeter.proxy.sidecar.admin.operate.MemoryPage;
import dev.perimeter.proxy.sidecar.admin.operate.OrderPage;
import dev.perimeter.proxy.sidecar.admin.socket.AdminReply;
import dev.perimeter.proxy.sidecar.admin.socket.AdminRequest;
import dev.perimeter.proxy.sidecar.admin.socket.AdminSocket;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the admin pages, on loopback or a Unix socket and off the hot path. What changes something is a POST and does not
 * come from a web page: browsers say where a POST comes from.
 */
public final class AdminServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

    private record Entry(String method, AdminPage page, String help) {}

    private final AdminSocket socket;
    private final Map<String, Entry> pages = new LinkedHashMap<>();

    private AdminServer(AdminSocket socket) {
        this.socket = socket;
        get("/ready", new ReadyPage(), "LIVE, or why not");
        get("/stats", new StatsPage(), "all numbers (?filter=regex&format=json|prometheus&usedonly)");
        get("/stats/prometheus", new PrometheusStatsPage(), "all numbers, for Prometheus (?filter=regex&usedonly)");
        get(
                "/config_dump",
                new ConfigDumpPage(),
                "the configuration in effect, and the last that was refused"
                        + " (?resource=&mask=&name_regex=&include_eds)");
        get("/clusters", new ClustersPage(), "clusters, their endpoints and load (?format=json)");
        get("/certs", new CertsPage(), "the certificates in use, and when they end");
        get("/listeners", new ListenersPage(), "where connections are accepted (?format=json)");
        get(
                "/explain",
                new ExplainPage(),
                "which route would take a request, and why"
                        + " (?method=&host=&path=&header=name:value&listener=&format=json)");
        get("/server_info", new ServerInfoPage(), "node, state, uptime");
        get("/memory", new MemoryPage(), "what this process holds");
        post("/logging", new LoggingPage(), "log levels; ?level= sets all, ?NAME=LEVEL one");
        post("/drain", OrderPage.drain(), "stop accepting and let requests end");
        post(
                "/drain_listeners",
                new DrainListenersPage(),
                "the same as Envoy says it (?graceful&inboundonly&skip_exit)");
        post("/healthcheck/fail", OrderPage.failHealth(), "be not ready, and end connections with their next reply");
        post("/healthcheck/ok", OrderPage.passHealth(), "take that back");
        post("/quitquitquit", OrderPage.quit(), "drain, then end the process");
        get("/help", (proxy, query) -> AdminReply.text(200, help(proxy)), "this list as text");
        get("/", (proxy, query) -> index(proxy), "this list");
    }

    /**
     * Takes the address; nothing is answered before {@link #serve}.
     *
     * @throws IOException whose message is a sentence for the operator
     */
    public static AdminServer bind(SocketAddress address) throws IOException {
        return new AdminServer(AdminSocket.bind(address));
    }

    /** Begins to answer. */
    public void serve(ProxyView proxy) {
        socket.serve(request -> reply(request, proxy));
    }

    public String authority() {
        return AdminSocket.text(socket.address());
    }

    @Override
    public void close() {
        socket.close();
    }

    private void get(String path, AdminPage page, String help) {
        pages.put(path, new Entry("GET", page, help));
    }

    private void post(String path, AdminPage page, String help) {
        pages.put(path, new Entry("POST", page, help));
    }

    private AdminReply reply(AdminRequest request, ProxyView proxy) {
        String path = request.path();
        String method = request.method();
        Entry entry = pages.get(path);
        if (entry == null) {
            return AdminReply.text(404, "there is no page " + path + "; / lists those there are\n");
        }
        if (!entry.method.equals(method) && !(entry.method.equals("GET") && method.equals("HEAD"))) {
            return AdminReply.text(405, path + " wants " + entry.method + ", not " + method + "\n")
                    .with("Allow", entry.method);
        }
        if (entry.method.equals("POST") && request.header("origin") != null) {
            return AdminReply.text(403, path + " may not be asked for from a web page\n");
        }
        Query query = Query.parse(request.query());
        if (query == null) {
            return AdminReply.text(400, "the query '" + request.query() + "' is not percent-encoded\n");
        }
        try {
            return answer(entry, path, proxy, query);
        } catch (RuntimeException defect) {
            LOG.error("admin page {} failed", path, defect);
            return AdminReply.text(500, path + " failed: " + defect + "\n");
        }
    }

    private static AdminReply answer(Entry entry, String path, ProxyView proxy, Query query) {
        var known = entry.page.parameters();
        for (String name : query.names()) {
            if (!known.contains(name) && !known.contains("*")) {
                String takes = known.isEmpty() ? "takes none" : "takes " + String.join(", ", new TreeSet<>(known));
                return AdminPage.wrong(name, "is no query parameter of " + path + ", which " + takes);
            }
        }
        return entry.page.answer(proxy, query);
    }

    private String help(ProxyView proxy) {
        StringBuilder text = new StringBuilder(proxy.bootstrap().nodeId()).append("\n\n");
        pages.forEach((path, entry) -> text.append(String.format("%-4s %-18s %s%n", entry.method, path, entry.help)));
        return text.toString();
    }

    private AdminReply index(ProxyView proxy) {
        StringBuilder html = new StringBuilder("<!doctype html><title>")
                .append(escaped(proxy.bootstrap().nodeId()))
                .append("</title><h1>")
                .append(escaped(proxy.bootstrap().nodeId()))
                .append("</h1><table>");
        pages.forEach((path, entry) -> html.append("<tr><td>")
                .append(entry.method)
                .append(' ')
                .append(entry.method.equals("GET") ? "<a href=\"" + path + "\">" + path + "</a>" : path)
                .append("<td>")
                .append(escaped(entry.help)));
        return AdminReply.of(
                200, "text/html; charset=utf-8", html.append("</table>\n").toString());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
