package dev.perimeter.proxy.route;

import dev.perimeter.proxy.filter.Parsed;
import java.util.ArrayList;
import java.util.List;

/**
 * A route with its header edits ready to run, those of the table after its own (Envoy: from the most specific to the
 * least, so the least specific has the last word).
 */
public record RouteRule(Route route, HeaderEdits requestHeaders, HeaderEdits responseHeaders) {

    static Parsed<RouteRule> of(Route route, RouteTable table) {
        return switch (HeaderEdits.of(both(route.requestHeaders(), table.requestHeaders()))) {
            case Parsed.Bad<HeaderEdits> bad -> new Parsed.Bad<>("request_headers_to_add", bad.sentence());
            case Parsed.Ok<HeaderEdits>(HeaderEdits request) ->
                switch (HeaderEdits.of(both(route.responseHeaders(), table.responseHeaders()))) {
                    case Parsed.Bad<HeaderEdits> bad -> new Parsed.Bad<>("response_headers_to_add", bad.sentence());
                    case Parsed.Ok<HeaderEdits>(HeaderEdits response) ->
                        new Parsed.Ok<>(new RouteRule(route, request, response));
                };
        };
    }

    private static List<HeaderEdit> both(List<HeaderEdit> first, List<HeaderEdit> second) {
        List<HeaderEdit> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
