package dev.perimeter.proxy.xds.resource.http;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Names;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy;
import java.util.ArrayList;
import java.util.List;

/** What the requests of a route belong together by. */
final class HashPolicyReader {

    static final FieldList FIELDS = FieldList.of(HashPolicy::getDescriptor)
            .inside(
                    HashPolicy.HEADER_FIELD_NUMBER,
                    FieldList.of(HashPolicy.Header::getDescriptor)
                            .honoured(HashPolicy.Header.HEADER_NAME_FIELD_NUMBER)
                            .inside(HashPolicy.Header.REGEX_REWRITE_FIELD_NUMBER, ValueMatchReader.REGEX_REWRITE))
            .inside(
                    HashPolicy.COOKIE_FIELD_NUMBER,
                    FieldList.of(HashPolicy.Cookie::getDescriptor)
                            .honoured(
                                    HashPolicy.Cookie.NAME_FIELD_NUMBER,
                                    HashPolicy.Cookie.TTL_FIELD_NUMBER,
                                    HashPolicy.Cookie.PATH_FIELD_NUMBER)
                            .inside(
                                    HashPolicy.Cookie.ATTRIBUTES_FIELD_NUMBER,
                                    FieldList.of(HashPolicy.CookieAttribute::getDescriptor)
                                            .honoured(
                                                    HashPolicy.CookieAttribute.NAME_FIELD_NUMBER,
                                                    HashPolicy.CookieAttribute.VALUE_FIELD_NUMBER)))
            .inside(
                    HashPolicy.CONNECTION_PROPERTIES_FIELD_NUMBER,
                    FieldList.of(HashPolicy.ConnectionProperties::getDescriptor)
                            .honoured(HashPolicy.ConnectionProperties.SOURCE_IP_FIELD_NUMBER))
            .inside(
                    HashPolicy.QUERY_PARAMETER_FIELD_NUMBER,
                    FieldList.of(HashPolicy.QueryParameter::getDescriptor)
                            .honoured(HashPolicy.QueryParameter.NAME_FIELD_NUMBER))
            .honoured(HashPolicy.TERMINAL_FIELD_NUMBER);

    private HashPolicyReader() {}

    static List<dev.perimeter.proxy.route.HashPolicy> read(List<HashPolicy> policies, Place action) {
        List<dev.perimeter.proxy.route.HashPolicy> read = new ArrayList<>();
        for (int i = 0; i < policies.size(); i++) {
            HashPolicy policy = policies.get(i);
            Place place = action.in("hash_policy", i);
            switch (policy.getPolicySpecifierCase()) {
                case HEADER ->
                    read.add(new dev.perimeter.proxy.route.HashPolicy.Header(
                            Names.required(
                                    policy.getHeader().getHeaderName(),
                                    place.in("header").in("header_name")),
                            policy.getHeader().hasRegexRewrite()
                                    ? ValueMatchReader.rewrite(
                                            policy.getHeader().getRegexRewrite(),
                                            place.in("header").in("regex_rewrite"))
                                    : null,
                            policy.getTerminal()));
                case COOKIE -> read.add(cookie(policy, place.in("cookie")));
                case CONNECTION_PROPERTIES -> {
                    if (policy.getConnectionProperties().getSourceIp()) {
                        read.add(new dev.perimeter.proxy.route.HashPolicy.SourceAddress(policy.getTerminal()));
                    }
                }
                case QUERY_PARAMETER ->
                    read.add(new dev.perimeter.proxy.route.HashPolicy.QueryParameter(
                            Names.required(
                                    policy.getQueryParameter().getName(),
                                    place.in("query_parameter").in("name")),
                            policy.getTerminal()));
                default -> place.refuse("needs header, cookie, connection_properties or query_parameter");
            }
        }
        return List.copyOf(read);
    }

    private static dev.perimeter.proxy.route.HashPolicy cookie(HashPolicy policy, Place place) {
        HashPolicy.Cookie cookie = policy.getCookie();
        StringBuilder attributes = new StringBuilder();
        for (int i = 0; i < cookie.getAttributesCount(); i++) {
            HashPolicy.CookieAttribute attribute = cookie.getAttributes(i);
            Place here = place.in("attributes", i);
            visible(Names.required(attribute.getName(), here.in("name")), here.in("name"));
            visible(attribute.getValue(), here.in("value"));
            attributes.append("; ").append(attribute.getName());
            if (!attribute.getValue().isEmpty()) {
                attributes.append('=').append(attribute.getValue());
            }
        }
        // All are written into a response header.
        visible(cookie.getPath(), place.in("path"));
        visible(Names.required(cookie.getName(), place.in("name")), place.in("name"));
        return new dev.perimeter.proxy.route.HashPolicy.Cookie(
                cookie.getName(),
                cookie.hasTtl() ? Amounts.notNegative(cookie.getTtl(), place.in("ttl")) : null,
                cookie.getPath(),
                attributes.toString(),
                policy.getTerminal());
    }

    private static void visible(String text, Place place) {
        if (text.chars().anyMatch(c -> c <= ' ' || c >= 0x7f || c == ';' || c == '"')) {
            place.refuse("`" + text + "` must be visible ASCII without semicolons and quotes");
        }
    }
}
