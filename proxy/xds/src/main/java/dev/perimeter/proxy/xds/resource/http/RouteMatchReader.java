package dev.perimeter.proxy.xds.resource.http;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.route.RouteMatch;
import dev.perimeter.proxy.route.RouteMatch.PathMatch;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import dev.perimeter.proxy.xds.resource.field.Place;
import java.util.ArrayList;
import java.util.List;

/** Which requests a route takes. */
final class RouteMatchReader {

    private static final FieldList CONNECT =
            FieldList.of(io.envoyproxy.envoy.config.route.v3.RouteMatch.ConnectMatcher::getDescriptor);

    static final FieldList FIELDS = FieldList.of(io.envoyproxy.envoy.config.route.v3.RouteMatch::getDescriptor)
            .honoured(
                    io.envoyproxy.envoy.config.route.v3.RouteMatch.PREFIX_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.route.v3.RouteMatch.PATH_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.route.v3.RouteMatch.PATH_SEPARATED_PREFIX_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.route.v3.RouteMatch.CASE_SENSITIVE_FIELD_NUMBER)
            .inside(io.envoyproxy.envoy.config.route.v3.RouteMatch.SAFE_REGEX_FIELD_NUMBER, ValueMatchReader.REGEX)
            .inside(io.envoyproxy.envoy.config.route.v3.RouteMatch.CONNECT_MATCHER_FIELD_NUMBER, CONNECT)
            .inside(io.envoyproxy.envoy.config.route.v3.RouteMatch.HEADERS_FIELD_NUMBER, ValueMatchReader.HEADER)
            .inside(
                    io.envoyproxy.envoy.config.route.v3.RouteMatch.QUERY_PARAMETERS_FIELD_NUMBER,
                    ValueMatchReader.QUERY);

    private RouteMatchReader() {}

    static RouteMatch read(io.envoyproxy.envoy.config.route.v3.RouteMatch match, Place place) {
        if (match.hasCaseSensitive() && !match.getCaseSensitive().getValue()) {
            place.in("case_sensitive").refuse("false is not supported yet; remove it");
        }
        List<ValueMatch> headers = new ArrayList<>();
        for (int i = 0; i < match.getHeadersCount(); i++) {
            headers.add(ValueMatchReader.header(match.getHeaders(i), place.in("headers", i)));
        }
        List<ValueMatch> queries = new ArrayList<>();
        for (int i = 0; i < match.getQueryParametersCount(); i++) {
            queries.add(ValueMatchReader.query(match.getQueryParameters(i), place.in("query_parameters", i)));
        }
        return new RouteMatch(path(match, place), List.copyOf(headers), List.copyOf(queries));
    }

    private static PathMatch path(io.envoyproxy.envoy.config.route.v3.RouteMatch match, Place place) {
        return switch (match.getPathSpecifierCase()) {
            case PREFIX -> new PathMatch.Prefix(match.getPrefix());
            case PATH -> new PathMatch.Exact(absolute(match.getPath(), place.in("path")));
            case PATH_SEPARATED_PREFIX -> elementPrefix(match.getPathSeparatedPrefix(), place);
            case SAFE_REGEX ->
                new PathMatch.Regex(ValueMatchReader.regex(match.getSafeRegex(), place.in("safe_regex")));
            case CONNECT_MATCHER -> new PathMatch.Connect();
            default -> {
                place.refuse("needs one of prefix, path, path_separated_prefix, safe_regex and connect_matcher");
                yield new PathMatch.Connect();
            }
        };
    }

    private static PathMatch elementPrefix(String prefix, Place place) {
        Place here = place.in("path_separated_prefix");
        absolute(prefix, here);
        if (prefix.endsWith("/")) {
            here.refuse("`" + prefix + "` must not end with a slash");
        }
        return new PathMatch.ElementPrefix(prefix);
    }

    private static String absolute(String path, Place place) {
        if (!path.startsWith("/") || path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
            place.refuse("`" + path + "` must begin with a slash and hold neither ? nor #");
        }
        return path;
    }
}
