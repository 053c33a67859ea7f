package dev.perimeter.proxy.sidecar.admin.explain;

import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.RouteTable;
import dev.perimeter.proxy.route.select.Explainer;
import dev.perimeter.proxy.route.select.RouteIndex;
import dev.perimeter.proxy.sidecar.admin.AdminPage;
import dev.perimeter.proxy.sidecar.admin.ProxyView;
import dev.perimeter.proxy.sidecar.admin.Query;
import dev.perimeter.proxy.sidecar.admin.socket.AdminReply;
import dev.perimeter.proxy.sidecar.text.Json;
import dev.perimeter.proxy.snapshot.HttpManagerConfig;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.RouteSource;
import dev.perimeter.proxy.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /explain}: which route would take a request, and why; nothing is sent anywhere. */
public final class ExplainPage implements AdminPage {

    @Override
    public Set<String> parameters() {
        return Set.of("method", "scheme", "host", "path", "header", "listener", "format");
    }

    @Override
    public AdminReply answer(ProxyView proxy, Query query) {
        String format = query.get("format", "text");
        if (!format.equals("text") && !format.equals("json")) {
            return AdminPage.wrong("format", "must be text or json");
        }
        Snapshot snapshot = proxy.dataPlane().current();
        String wanted = query.get("listener");
        if (wanted != null && !snapshot.listeners().containsKey(wanted)) {
            return AdminPage.wrong(
                    "listener", "must be one of " + snapshot.listeners().keySet());
        }
        switch (request(query)) {
            case Parsed.Bad<RequestHead>(String parameter, String sentence) -> {
                return AdminPage.wrong(parameter, sentence);
            }
            case Parsed.Ok<RequestHead>(RequestHead request) -> {
                List<Map<String, Object>> answers = new ArrayList<>();
                for (Managers place : Managers.of(snapshot)) {
                    if (wanted == null || wanted.equals(place.listener())) {
                        answers.add(explained(place, snapshot, request.copy()));
                    }
                }
                return format.equals("json")
                        ? AdminReply.json(Json.write(Map.of("listeners", answers)))
                        : AdminReply.text(200, Outline.of(answers));
            }
        }
    }

    private static Parsed<RequestHead> request(Query query) {
        String path = query.get("path", "/");
        if (!path.startsWith("/") || path.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            return new Parsed.Bad<>("path", "must begin with a slash and be percent-encoded where HTTP asks for it");
        }
        String host = query.get("host", "");
        if (host.isEmpty()) {
            return new Parsed.Bad<>("host", "must be given, with the port that a client would send");
        }
        Headers headers = new Headers();
        for (String header : query.all("header")) {
            int colon = header.indexOf(':');
            String name = colon < 1 ? "" : header.substring(0, colon);
            if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
                return new Parsed.Bad<>("header", "must be name:value");
            }
            headers.add(name, header.substring(colon + 1).strip());
        }
        return new Parsed.Ok<>(new RequestHead(
                query.get("method", "GET"), query.get("scheme", "http"), host, path, "HTTP/1.1", headers));
    }

    private static Map<String, Object> explained(Managers place, Snapshot snapshot, RequestHead request) {
        Map<String, Object> answer = new LinkedHashMap<>();
        HttpManagerConfig manager = place.manager();
        answer.put("listener", place.listener());
        if (!place.chain().isEmpty()) {
            answer.put("filter_chain", place.chain());
        }
        RouteTable table = switch (manager.routes()) {
            case RouteSource.Inline(RouteTable inline) -> inline;
            case RouteSource.Named(String name) -> snapshot.routeTables().get(name);
        };
        RouteIndex index = index(table);
        if (index == null) {
            answer.put("result", "its route table is not there");
            return answer;
        }
        Steps.add(answer, Explainer.explain(index, request), manager, snapshot, request);
        return answer;
    }

    private static @Nullable RouteIndex index(@Nullable RouteTable table) {
        return table != null && RouteIndex.of(table) instanceof Parsed.Ok<RouteIndex>(RouteIndex index) ? index : null;
    }
}
