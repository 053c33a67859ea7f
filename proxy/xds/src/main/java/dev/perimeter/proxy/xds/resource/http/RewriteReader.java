package dev.perimeter.proxy.xds.resource.http;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.route.RequestRewrite;
import dev.perimeter.proxy.route.RequestRewrite.HostRewrite;
import dev.perimeter.proxy.route.RequestRewrite.PathRewrite;
import dev.perimeter.proxy.route.RouteMatch.PathMatch;
import dev.perimeter.proxy.route.path.TemplateRewrite;
import dev.perimeter.proxy.xds.resource.field.Messages;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.extensions.path.rewrite.uri_template.v3.UriTemplateRewriteConfig;
import org.jspecify.annotations.Nullable;

/** What a route changes of authority and path. */
final class RewriteReader {

    private static final String TEMPLATE_TYPE =
            "type.googleapis.com/envoy.extensions.path.rewrite.uri_template.v3.UriTemplateRewriteConfig";

    static final FieldList TEMPLATE = FieldList.of(UriTemplateRewriteConfig::getDescriptor)
            .honoured(UriTemplateRewriteConfig.PATH_TEMPLATE_REWRITE_FIELD_NUMBER);

    private RewriteReader() {}

    static FieldList honoured(FieldList fields) {
        return fields.honoured(
                        RouteAction.PREFIX_REWRITE_FIELD_NUMBER,
                        RouteAction.HOST_REWRITE_LITERAL_FIELD_NUMBER,
                        RouteAction.HOST_REWRITE_HEADER_FIELD_NUMBER,
                        RouteAction.AUTO_HOST_REWRITE_FIELD_NUMBER,
                        RouteAction.APPEND_X_FORWARDED_HOST_FIELD_NUMBER)
                .inside(RouteAction.REGEX_REWRITE_FIELD_NUMBER, ValueMatchReader.REGEX_REWRITE)
                .inside(RouteAction.HOST_REWRITE_PATH_REGEX_FIELD_NUMBER, ValueMatchReader.REGEX_REWRITE)
                .inside(RouteAction.PATH_REWRITE_POLICY_FIELD_NUMBER, RouteMatchReader.EXTENSION);
    }

    static RequestRewrite read(RouteAction action, PathMatch match, Place place) {
        HostRewrite host = host(action, place);
        PathRewrite path = path(action, match, place);
        return host == null && path == null && !action.getAppendXForwardedHost()
                ? RequestRewrite.NONE
                : new RequestRewrite(host, path, action.getAppendXForwardedHost());
    }

    private static @Nullable HostRewrite host(RouteAction action, Place place) {
        return switch (action.getHostRewriteSpecifierCase()) {
            case HOST_REWRITE_LITERAL -> new HostRewrite.Literal(authority(action, place));
            case HOST_REWRITE_HEADER ->
                new HostRewrite.Header(
                        HeaderEdits.name(action.getHostRewriteHeader(), place.in("host_rewrite_header")));
            case HOST_REWRITE_PATH_REGEX ->
                new HostRewrite.FromPath(ValueMatchReader.rewrite(
                        action.getHostRewritePathRegex(), place.in("host_rewrite_path_regex")));
            case AUTO_HOST_REWRITE -> action.getAutoHostRewrite().getValue() ? new HostRewrite.OfEndpoint() : null;
            case HOSTREWRITESPECIFIER_NOT_SET -> null;
        };
    }

    private static String authority(RouteAction action, Place place) {
        String host = action.getHostRewriteLiteral();
        if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || c > '~' || "/?#@".indexOf(c) >= 0)) {
            place.in("host_rewrite_literal").refuse("`" + host + "` is not a host");
        }
        return host;
    }

    private static @Nullable PathRewrite path(RouteAction action, PathMatch match, Place place) {
        int ways = (action.getPrefixRewrite().isEmpty() ? 0 : 1)
                + (action.hasRegexRewrite() ? 1 : 0)
                + (action.hasPathRewritePolicy() ? 1 : 0);
        if (ways > 1) {
            place.refuse("needs at most one of prefix_rewrite, regex_rewrite and path_rewrite_policy");
        }
        if (action.hasRegexRewrite()) {
            return new PathRewrite.Regex(ValueMatchReader.rewrite(action.getRegexRewrite(), place.in("regex_rewrite")));
        }
        if (action.hasPathRewritePolicy()) {
            return template(action.getPathRewritePolicy(), match, place.in("path_rewrite_policy"));
        }
        return action.getPrefixRewrite().isEmpty() ? null : new PathRewrite.Prefix(action.getPrefixRewrite());
    }

    private static @Nullable PathRewrite template(TypedExtensionConfig policy, PathMatch match, Place place) {
        Place config = place.in("typed_config");
        if (!policy.getTypedConfig().getTypeUrl().equals(TEMPLATE_TYPE)) {
            config.refuse(
                    "`" + policy.getTypedConfig().getTypeUrl() + "` is not supported, only " + TEMPLATE_TYPE + " is");
            return null;
        }
        if (!(match instanceof PathMatch.Template template)) {
            place.refuse("needs a path_match_policy with a template");
            return null;
        }
        UriTemplateRewriteConfig read =
                Messages.read(policy.getTypedConfig(), UriTemplateRewriteConfig.parser(), TEMPLATE, config);
        if (read == null) {
            return null;
        }
        return switch (TemplateRewrite.parse(template.template(), read.getPathTemplateRewrite())) {
            case Parsed.Ok<TemplateRewrite>(TemplateRewrite rewrite) -> new PathRewrite.Template(rewrite);
            case Parsed.Bad<TemplateRewrite>(String path, String reason) -> {
                config.in("path_template_rewrite").refuse(path, reason);
                yield null;
            }
        };
    }
}
