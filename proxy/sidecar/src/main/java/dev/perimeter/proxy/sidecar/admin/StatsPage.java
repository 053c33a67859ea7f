package dev.perimeter.proxy.sidecar.admin;

import com.google.re2j.Pattern;
import dev.perimeter.proxy.sidecar.admin.StatLines.Stat;
import dev.perimeter.proxy.sidecar.admin.socket.AdminReply;
import dev.perimeter.proxy.sidecar.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code /stats}: one number a line under Envoy's names, as text, JSON or Prometheus. */
final class StatsPage implements AdminPage {

    @Override
    public Set<String> parameters() {
        return Set.of("filter", "format", "usedonly");
    }

    @Override
    public AdminReply answer(ProxyView proxy, Query query) {
        Pattern filter = PrometheusStatsPage.filter(query);
        if (filter == null) {
            return AdminPage.wrong("filter", "is no regular expression");
        }
        return switch (query.get("format", "text")) {
            case "prometheus" -> new PrometheusStatsPage().answer(proxy, query);
            case "json" -> json(stats(proxy, filter, query.isOn("usedonly")));
            case "text" -> text(stats(proxy, filter, query.isOn("usedonly")));
            default -> AdminPage.wrong("format", "must be text, json or prometheus");
        };
    }

    private static List<Stat> stats(ProxyView proxy, Pattern filter, boolean usedOnly) {
        List<Stat> stats = new ArrayList<>(StatLines.of(PrometheusStatsPage.text(proxy)));
        stats.removeIf(stat -> !filter.matcher(stat.name()).find() || (usedOnly && !stat.used()));
        return stats;
    }

    private static AdminReply text(List<Stat> stats) {
        StringBuilder text = new StringBuilder();
        stats.forEach(stat ->
                text.append(stat.name()).append(": ").append(stat.value()).append('\n'));
        return AdminReply.text(200, text.toString());
    }

    private static AdminReply json(List<Stat> stats) {
        List<Map<String, Object>> list = new ArrayList<>();
        for (Stat stat : stats) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", stat.name());
            entry.put("value", new Json.Raw(stat.value()));
            list.add(entry);
        }
        return AdminReply.json(Json.write(Map.of("stats", list)));
    }
}
