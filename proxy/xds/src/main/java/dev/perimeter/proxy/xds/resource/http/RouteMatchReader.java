package dev.perimeter.proxy.xds.resource.http;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.route.RouteMatch;
import dev.perimeter.proxy.route.RouteMatch.PathMatch;
import dev.perimeter.proxy.route.RouteMatch.Share;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import dev.perimeter.proxy.route.path.UriTemplate;
import dev.perimeter.proxy.xds.resource.field.Messages;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.route.v3.RouteMatch.ConnectMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch.GrpcRouteMatchOptions;
import io.envoyproxy.envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which requests a route takes. */
final class RouteMatchReader {

    private static final String TEMPLATE_TYPE =
            "type.googleapis.com/envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig";

    static final FieldList EXTENSION = FieldList.of(TypedExtensionConfig::getDescriptor)
            .honoured(TypedExtensionConfig.NAME_FIELD_NUMBER, TypedExtensionConfig.TYPED_CONFIG_FIELD_NUMBER);

    static final FieldList TEMPLATE = FieldList.of(UriTemplateMatchConfig::getDescriptor)
            .honoured(UriTemplateMatchConfig.PATH_TEMPLATE_FIELD_NUMBER);

    private static final FieldList FRACTION = FieldList.of(RuntimeFractionalPercent::getDescriptor)
            .inside(
                    RuntimeFractionalPercent.DEFAULT_VALUE_FIELD_NUMBER,
                    FieldList.of(FractionalPercent::getDescriptor)
                            .honoured(
                                    FractionalPercent.NUMERATOR_FIELD_NUMBER,
                                    FractionalPercent.DENOMINATOR_FIELD_NUMBER))
            // There is no runtime that could overrule the default.
            .harmless(RuntimeFractionalPercent.RUNTIME_KEY_FIELD_NUMBER);

    static final FieldList FIELDS = FieldList.of(io.envoyproxy.envoy.config.route.v3.RouteMatch::getDescriptor)
            .honoured(
                    io.envoyproxy.envoy.config.route.v3.RouteMatch.PREFIX_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.route.v3.RouteMatch.PATH_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.route.v3.RouteMatch.PATH_SEPARATED_PREFIX_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.route.v3.RouteMatch.CASE_SENSITIVE_FIELD_NUMBER)
            .inside(io.envoyproxy.envoy.config.route.v3.RouteMatch.SAFE_REGEX_FIELD_NUMBER, ValueMatchReader.REGEX)
            .inside(
                    io.envoyproxy.envoy.config.route.v3.RouteMatch.CONNECT_MATCHER_FIELD_NUMBER,
                    FieldList.of(ConnectMatcher::getDescriptor))
            .inside(io.envoyproxy.envoy.config.route.v3.RouteMatch.PATH_MATCH_POLICY_FIELD_NUMBER, EXTENSION)
            .inside(io.envoyproxy.envoy.config.route.v3.RouteMatch.HEADERS_FIELD_NUMBER, ValueMatchReader.HEADER)
            .inside(
                    io.envoyproxy.envoy.config.route.v3.RouteMatch.QUERY_PARAMETERS_FIELD_NUMBER,
                    ValueMatchReader.QUERY)
            .inside(
                    io.envoyproxy.envoy.config.route.v3.RouteMatch.GRPC_FIELD_NUMBER,
                    FieldList.of(GrpcRouteMatchOptions::getDescriptor))
            .inside(io.envoyproxy.envoy.config.route.v3.RouteMatch.RUNTIME_FRACTION_FIELD_NUMBER, FRACTION);

    private RouteMatchReader() {}

    static RouteMatch read(io.envoyproxy.envoy.config.route.v3.RouteMatch match, Place place) {
        List<ValueMatch> headers = new ArrayList<>();
        for (int i = 0; i < match.getHeadersCount(); i++) {
            headers.add(ValueMatchReader.header(match.getHeaders(i), place.in("headers", i)));
        }
        List<ValueMatch> queries = new ArrayList<>();
        for (int i = 0; i < match.getQueryParametersCount(); i++) {
            queries.add(ValueMatchReader.query(match.getQueryParameters(i), place.in("query_parameters", i)));
        }
        return new RouteMatch(
                path(match, place), List.copyOf(headers), List.copyOf(queries), match.hasGrpc(), share(match, place));
    }

    private static PathMatch path(io.envoyproxy.envoy.config.route.v3.RouteMatch match, Place place) {
        boolean ignoreCase =
                match.hasCaseSensitive() && !match.getCaseSensitive().getValue();
        return switch (match.getPathSpecifierCase()) {
            case PREFIX -> new PathMatch.Prefix(match.getPrefix(), ignoreCase);
            case PATH -> new PathMatch.Exact(absolute(match.getPath(), place.in("path")), ignoreCase);
            case PATH_SEPARATED_PREFIX -> elementPrefix(match.getPathSeparatedPrefix(), ignoreCase, place);
            case SAFE_REGEX ->
                new PathMatch.Regex(ValueMatchReader.regex(match.getSafeRegex(), place.in("safe_regex")));
            case CONNECT_MATCHER -> new PathMatch.Connect();
            case PATH_MATCH_POLICY -> template(match.getPathMatchPolicy(), place.in("path_match_policy"));
            default -> {
                place.refuse("needs one of prefix, path, path_separated_prefix, safe_regex, path_match_policy and"
                        + " connect_matcher");
                yield new PathMatch.Connect();
            }
        };
    }

    private static PathMatch elementPrefix(String prefix, boolean ignoreCase, Place place) {
        Place here = place.in("path_separated_prefix");
        absolute(prefix, here);
        if (prefix.endsWith("/")) {
            here.refuse("`" + prefix + "` must not end with a slash");
        }
        return new PathMatch.ElementPrefix(prefix, ignoreCase);
    }

    private static PathMatch template(TypedExtensionConfig policy, Place place) {
        Place config = place.in("typed_config");
        if (!policy.getTypedConfig().getTypeUrl().equals(TEMPLATE_TYPE)) {
            config.refuse(
                    "`" + policy.getTypedConfig().getTypeUrl() + "` is not supported, only " + TEMPLATE_TYPE + " is");
            return new PathMatch.Connect();
        }
        UriTemplateMatchConfig read =
                Messages.read(policy.getTypedConfig(), UriTemplateMatchConfig.parser(), TEMPLATE, config);
        if (read == null) {
            return new PathMatch.Connect();
        }
        return switch (UriTemplate.parse(read.getPathTemplate())) {
            case Parsed.Ok<UriTemplate>(UriTemplate template) -> new PathMatch.Template(template);
            case Parsed.Bad<UriTemplate>(String path, String reason) -> {
                config.in("path_template").refuse(path, reason);
                yield new PathMatch.Connect();
            }
        };
    }

    private static @Nullable Share share(io.envoyproxy.envoy.config.route.v3.RouteMatch match, Place place) {
        if (!match.hasRuntimeFraction()) {
            return null;
        }
        FractionalPercent fraction = match.getRuntimeFraction().getDefaultValue();
        long of = switch (fraction.getDenominator()) {
            case HUNDRED -> 100;
            case TEN_THOUSAND -> 10_000;
            case MILLION -> 1_000_000;
            case UNRECOGNIZED -> {
                place.in("runtime_fraction")
                        .in("default_value")
                        .in("denominator")
                        .refuse(fraction.getDenominatorValue() + " is not a known denominator");
                yield 100;
            }
        };
        return new Share(Integer.toUnsignedLong(fraction.getNumerator()), of);
    }

    private static String absolute(String path, Place place) {
        if (!path.startsWith("/") || path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
            place.refuse("`" + path + "` must begin with a slash and hold neither ? nor #");
        }
        return path;
    }
}
