package dev.perimeter.proxy.xds.resource.http;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.route.RouteAction;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import org.jspecify.annotations.Nullable;

/** Routes the proxy answers itself: a fixed reply or a redirect. */
final class OwnReplyReader {

    static final FieldList DIRECT = FieldList.of(DirectResponseAction::getDescriptor)
            .honoured(DirectResponseAction.STATUS_FIELD_NUMBER)
            .inside(DirectResponseAction.BODY_FIELD_NUMBER, DirectBodyReader.FIELDS);

    static final FieldList REDIRECT = FieldList.of(RedirectAction::getDescriptor)
            .honoured(
                    RedirectAction.HTTPS_REDIRECT_FIELD_NUMBER,
                    RedirectAction.SCHEME_REDIRECT_FIELD_NUMBER,
                    RedirectAction.HOST_REDIRECT_FIELD_NUMBER,
                    RedirectAction.PORT_REDIRECT_FIELD_NUMBER,
                    RedirectAction.PATH_REDIRECT_FIELD_NUMBER,
                    RedirectAction.PREFIX_REWRITE_FIELD_NUMBER,
                    RedirectAction.RESPONSE_CODE_FIELD_NUMBER,
                    RedirectAction.STRIP_QUERY_FIELD_NUMBER)
            .inside(RedirectAction.REGEX_REWRITE_FIELD_NUMBER, ValueMatchReader.REGEX_REWRITE);

    private OwnReplyReader() {}

    static RouteAction direct(DirectResponseAction action, int mostBody, Place place) {
        int status = Amounts.between(200, 599, Integer.toUnsignedLong(action.getStatus()), place.in("status"));
        return new RouteAction.DirectResponse(
                status, DirectBodyReader.read(action.getBody(), mostBody, place.in("body")));
    }

    static String text(DataSource source) {
        return source.hasInlineBytes() ? source.getInlineBytes().toStringUtf8() : source.getInlineString();
    }

    static RouteAction redirect(RedirectAction action, Place place) {
        int status = switch (action.getResponseCode()) {
            case MOVED_PERMANENTLY -> 301;
            case FOUND -> 302;
            case SEE_OTHER -> 303;
            case TEMPORARY_REDIRECT -> 307;
            case PERMANENT_REDIRECT -> 308;
            case UNRECOGNIZED -> {
                place.in("response_code").refuse(action.getResponseCodeValue() + " is not a redirect code");
                yield 301;
            }
        };
        long port = Integer.toUnsignedLong(action.getPortRedirect());
        return new RouteAction.Redirect(
                status,
                action.getHttpsRedirect() ? "https" : emptyToNull(action.getSchemeRedirect()),
                emptyToNull(action.getHostRedirect()),
                port == 0 ? -1 : Amounts.between(1, 65_535, port, place.in("port_redirect")),
                emptyToNull(action.getPathRedirect()),
                emptyToNull(action.getPrefixRewrite()),
                action.hasRegexRewrite()
                        ? ValueMatchReader.rewrite(action.getRegexRewrite(), place.in("regex_rewrite"))
                        : null,
                action.getStripQuery());
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
