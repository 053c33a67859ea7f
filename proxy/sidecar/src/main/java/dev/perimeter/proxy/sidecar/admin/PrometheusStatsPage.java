package dev.perimeter.proxy.sidecar.admin;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.perimeter.proxy.sidecar.admin.socket.AdminReply;
import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.stream.XdsStatus;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /stats/prometheus}: the engine's numbers, and those of following the control plane. */
final class PrometheusStatsPage implements AdminPage {

    @Override
    public Set<String> parameters() {
        return Set.of("filter", "usedonly");
    }

    @Override
    public AdminReply answer(ProxyView proxy, Query query) {
        String page = text(proxy);
        if (!query.has("filter") && !query.isOn("usedonly")) {
            return reply(page);
        }
        Pattern filter = filter(query);
        return filter == null
                ? AdminPage.wrong("filter", "is no regular expression")
                : reply(picked(page, filter, query.isOn("usedonly")));
    }

    /** The expression of {@code filter}, one that finds everything if there is none, null if it is wrong. */
    static @Nullable Pattern filter(Query query) {
        try {
            return Pattern.compile(query.get("filter", ""));
        } catch (PatternSyntaxException wrong) {
            return null;
        }
    }

    private static AdminReply reply(String page) {
        return AdminReply.of(200, "text/plain; version=0.0.4; charset=utf-8", page);
    }

    private static String picked(String page, Pattern filter, boolean usedOnly) {
        StringBuilder picked = new StringBuilder();
        for (String line : page.split("\n")) {
            boolean unused = usedOnly && !line.startsWith("#") && (line.endsWith(" 0") || line.endsWith(" 0.0"));
            if (filter.matcher(line).find() && !unused) {
                picked.append(line).append('\n');
            }
        }
        return picked.toString();
    }

    static String text(ProxyView proxy) {
        StringBuilder text = new StringBuilder(proxy.dataPlane().metrics().prometheus());
        CircuitBreakerGauges.write(proxy.dataPlane().clusters(), text);
        XdsStatus xds = proxy.xds();
        gauge(text, "envoy_server_live", proxy.notReady() == null ? 1 : 0);
        gauge(
                text,
                "envoy_server_uptime",
                proxy.now().getEpochSecond() - proxy.started().getEpochSecond());
        gauge(text, "envoy_control_plane_connected_state", xds.connected() ? 1 : 0);
        counter(text, "perimeter_xds_updates_accepted_total", xds, XdsStatus.TypeStatus::accepted);
        counter(text, "perimeter_xds_updates_refused_total", xds, XdsStatus.TypeStatus::refused);
        return text.toString();
    }

    private static void gauge(StringBuilder text, String name, long value) {
        text.append("# TYPE ")
                .append(name)
                .append(" gauge\n")
                .append(name)
                .append(' ')
                .append(value)
                .append('\n');
    }

    private interface Number {
        long of(XdsStatus.TypeStatus type);
    }

    private static void counter(StringBuilder text, String name, XdsStatus xds, Number number) {
        text.append("# TYPE ").append(name).append(" counter\n");
        xds.types()
                .forEach((type, status) -> text.append(name)
                        .append("{type=\"")
                        .append(label(type))
                        .append("\"} ")
                        .append(number.of(status))
                        .append('\n'));
    }

    private static String label(ResourceType type) {
        return type.word().replace(' ', '_').toLowerCase(Locale.ROOT);
    }
}
