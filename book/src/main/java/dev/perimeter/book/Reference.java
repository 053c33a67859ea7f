package dev.perimeter.book;

import dev.perimeter.controlplane.contract.fields.Documented;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.gateway.filters.GatewayFilters;
import dev.perimeter.proxy.balance.BalancerKind;
import dev.perimeter.proxy.balance.Balancers;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filters.BuiltInFilters;
import dev.perimeter.proxy.xds.resource.cluster.LoadBalancingReader;
import dev.perimeter.proxy.xds.resource.cluster.PolicyExtensionReader;
import dev.perimeter.proxy.xds.resource.http.connection.AccessLogReader;
import dev.perimeter.proxy.xds.resource.listener.ConnectionLimitReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Writes a page for each filter, each load balancing policy of the catalogues and the access logs, and an index of them. What a page says
 * comes from the example and from the lists that the proxy itself reads by, so that it cannot say anything else than the
 * proxy does; a filter without them stops the build.
 */
final class Reference {

    /** The parts, in the order of the index: folder and heading. */
    private static final List<String> FOLDERS =
            List.of("filters", "gateway-filters", "network-filters", "access-logs", "balancers");

    private static final List<String> HEADINGS = List.of(
            "Filters of every proxy",
            "Filters of the gateway",
            "Network filters",
            "Access logs",
            "Load balancing policies");

    /** @param place a sentence on where it stands in a configuration, and by which type */
    private record Entry(
            String folder, String name, Class<?> type, Example example, String place, List<FieldList> lists) {

        String file() {
            return folder + "/" + name.toLowerCase(Locale.ROOT);
        }

        String title() {
            return switch (folder) {
                        case "balancers" -> "Load balancing policy ";
                        case "network-filters" -> "Network filter ";
                        case "access-logs" -> "Access logs: ";
                        default -> "HTTP filter ";
                    }
                    + name;
        }

        String text() {
            return "= " + title() + "\n\n"
                    + example.description() + "\n\n"
                    + place + "\n"
                    + "The class is " + FieldTables.literal(type.getName()) + ".\n\n"
                    + "== Example\n\n"
                    + example.caption() + "\n\n"
                    + "[source,yaml]\n----\n" + example.yaml() + "\n----\n\n"
                    + new FieldTables(lists).write();
        }
    }

    private Reference() {}

    /** Writes the sources of the pages into a folder. */
    static List<Page> write(Path folder) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (FilterKind kind : BuiltInFilters.all()) {
            entries.add(filter("filters", kind));
        }
        for (FilterKind kind : GatewayFilters.all()) {
            entries.add(filter("gateway-filters", kind));
        }
        for (BalancerKind kind : Balancers.ALL) {
            entries.add(balancer(kind));
        }
        entries.add(connectionLimit());
        entries.add(accessLog());
        entries.sort(Comparator.comparing(Entry::file));
        List<Page> pages = new ArrayList<>();
        pages.add(page(folder, "index", index(entries)));
        for (Entry entry : entries) {
            pages.add(page(folder, entry.file(), entry.text()));
        }
        return List.copyOf(pages);
    }

    private static Page page(Path folder, String name, String text) throws IOException {
        Path source = folder.resolve(name + ".adoc");
        Files.createDirectories(source.resolveSibling(""));
        Files.writeString(source, text);
        return new Page(source, Path.of("reference", (name + ".html").split("/")));
    }

    private static String index(List<Entry> entries) {
        StringBuilder out = new StringBuilder("= Reference\n\n"
            + "What can be set, and what comes of it. The pages are made from the lists by which the proxy reads its"
            + " configuration, and the examples are read by it in the tests.\n");
        for (int i = 0; i < FOLDERS.size(); i++) {
            out.append("\n== ").append(HEADINGS.get(i)).append("\n\n");
            for (Entry entry : entries) {
                if (entry.folder().equals(FOLDERS.get(i))) {
                    out.append("link:").append(entry.file()).append(".html[").append(entry.name());
                    out.append("]:: ").append(entry.example().description()).append('\n');
                }
            }
        }
        return out.toString();
    }

    private static Entry filter(String folder, FilterKind kind) throws IOException {
        Class<?> type = kind.getClass();
        if (!(kind instanceof Documented documented)) {
            throw new IOException(type.getName() + " does not say which fields it reads: implement Documented");
        }
        List<String> ofRoutes = kind.routeTypeUrls();
        StringBuilder place = new StringBuilder("In ").append(FieldTables.literal("http_filters"));
        place.append(" by the type ").append(FieldTables.literal(kind.typeUrl()));
        for (String url : ofRoutes) {
            place.append("; on a route, a virtual host or a route table ");
            place.append(url.equals(kind.typeUrl()) ? "by the same" : "by " + FieldTables.literal(url));
        }
        return new Entry(
                folder,
                name(kind.typeUrl()),
                type,
                Example.of(type),
                place.append('.').toString(),
                documented.fieldLists());
    }

    private static Entry balancer(BalancerKind kind) throws IOException {
        List<FieldList> lists = new ArrayList<>(PolicyExtensionReader.lists(kind));
        if (lists.isEmpty()) {
            throw new IOException(kind.name() + " has no lists of fields: name them in PolicyExtensionReader.lists");
        }
        String typeUrl = "type.googleapis.com/" + lists.getLast().descriptor().getFullName();
        lists.add(LoadBalancingReader.COMMON);
        return new Entry(
                "balancers",
                kind.name(),
                kind.getClass(),
                Example.of(kind.getClass()),
                "On a cluster by " + FieldTables.literal("lb_policy: " + kind.name()) + ", or in "
                        + FieldTables.literal("load_balancing_policy") + " by the type " + FieldTables.literal(typeUrl)
                        + ".",
                lists);
    }

    private static Entry connectionLimit() throws IOException {
        return new Entry(
                "network-filters",
                name(ConnectionLimitReader.TYPE_URL),
                ConnectionLimitReader.class,
                Example.of(ConnectionLimitReader.class),
                "In the " + FieldTables.literal("filters") + " of a filter chain, once, before the last, by the type "
                        + FieldTables.literal(ConnectionLimitReader.TYPE_URL) + ".",
                List.of(ConnectionLimitReader.FIELDS));
    }

    private static Entry accessLog() throws IOException {
        return new Entry(
                "access-logs",
                "access_log",
                AccessLogReader.class,
                Example.of(AccessLogReader.class),
                "In " + FieldTables.literal("access_log") + " of an HTTP connection manager or of a "
                        + FieldTables.literal("tcp_proxy") + ", by the types "
                        + FieldTables.literal(AccessLogReader.STDOUT_TYPE) + " and "
                        + FieldTables.literal(AccessLogReader.FILE_TYPE) + ".",
                List.of(AccessLogReader.FIELDS, AccessLogReader.STDOUT, AccessLogReader.FILE));
    }

    /** The name that stands before the version: {@code buffer} of {@code envoy.extensions.filters.http.buffer.v3.Buffer}. */
    private static String name(String typeUrl) {
        String[] parts = typeUrl.split("\\.");
        return parts[parts.length - 3];
    }
}
