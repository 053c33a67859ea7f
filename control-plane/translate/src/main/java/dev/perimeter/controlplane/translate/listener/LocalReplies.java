package dev.perimeter.controlplane.translate.listener;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ComparisonFilter;
import io.envoyproxy.envoy.config.accesslog.v3.StatusCodeFilter;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.RuntimeUInt32;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.LocalReplyConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ResponseMapper;
import java.util.List;

/**
 * What the replies look like that a proxy makes itself: problem details (RFC 9457) that name nothing inside. A gateway
 * cannot rewrite the body that a sidecar has made, so a sidecar's is already fit for the outside; its reason stands in a
 * header, which the gateway removes.
 */
final class LocalReplies {
    /** Says why a sidecar answered itself; the door removes it from what comes from inside. */
    static final String REASON_HEADER = "x-proxy-reason";

    /** What the proxy says of this request; for a client's mistake that is about what the client sent. */
    private static final String OF_THE_REQUEST = "%LOCAL_REPLY_BODY%";

    /**
     * The replies that are told apart, by status. Their problem type is the status itself, so the title is the status's
     * phrase (RFC 9457 section 4.2.1). For an upstream's failure the proxy's own words are not shown: they tell of
     * connections.
     */
    private static final List<Told> UPSTREAM = List.of(
            new Told(502, "Bad Gateway", "An answer came from behind that could not be understood."),
            new Told(
                    503,
                    "Service Unavailable",
                    "No answer came from behind; what was asked for may or may not have happened."),
            new Told(504, "Gateway Timeout", "No answer came in time; what was asked for may still happen."));

    private static final List<Told> CLIENT = List.of(
            new Told(400, "Bad Request", OF_THE_REQUEST),
            new Told(403, "Forbidden", OF_THE_REQUEST),
            new Told(404, "Not Found", "Nothing is served at this host and path."),
            new Told(408, "Request Timeout", "The request did not come to its end in time."),
            new Told(413, "Content Too Large", OF_THE_REQUEST),
            new Told(414, "URI Too Long", OF_THE_REQUEST),
            new Told(417, "Expectation Failed", OF_THE_REQUEST),
            new Told(431, "Request Header Fields Too Large", OF_THE_REQUEST),
            new Told(500, "Internal Server Error", "The request met a mistake that is not the sender's."),
            new Told(501, "Not Implemented", OF_THE_REQUEST),
            new Told(505, "HTTP Version Not Supported", OF_THE_REQUEST));

    /** The body of any other; it has no phrase, so it says what all of them have in common. */
    private static final SubstitutionFormatString OTHER = problem("The request was not served", OF_THE_REQUEST);

    private LocalReplies() {}

    /**
     * Inside the mesh the reason is told, since whoever reads it runs the mesh. What a client did wrong the door has
     * found already; the statuses that come through it from here are those of an upstream.
     */
    static LocalReplyConfig inside() {
        LocalReplyConfig.Builder config = LocalReplyConfig.newBuilder().setBodyFormat(OTHER);
        UPSTREAM.forEach(told -> config.addMappers(told.mapper().addHeadersToAdd(reason())));
        return config.addMappers(ResponseMapper.newBuilder()
                        .setFilter(status(ComparisonFilter.Op.GE, 400))
                        .addHeadersToAdd(reason()))
                .build();
    }

    /** Outside gets the status, what can be said of it, and the request to ask about. */
    static LocalReplyConfig atTheDoor() {
        LocalReplyConfig.Builder config = LocalReplyConfig.newBuilder().setBodyFormat(OTHER);
        CLIENT.forEach(told -> config.addMappers(told.mapper()));
        UPSTREAM.forEach(told -> config.addMappers(told.mapper()));
        return config.build();
    }

    /** @param title the status's phrase (RFC 9110 section 15) */
    private record Told(int status, String title, String detail) {
        ResponseMapper.Builder mapper() {
            return ResponseMapper.newBuilder()
                    .setFilter(LocalReplies.status(ComparisonFilter.Op.EQ, status))
                    .setBodyFormatOverride(problem(title, detail));
        }
    }

    private static SubstitutionFormatString problem(String title, String detail) {
        return SubstitutionFormatString.newBuilder()
                .setContentType("application/problem+json")
                .setJsonFormat(Struct.newBuilder()
                        .putFields("type", text("about:blank"))
                        .putFields("title", text(title))
                        .putFields("status", text("%RESPONSE_CODE%"))
                        .putFields("detail", text(detail))
                        .putFields("request_id", text("%REQ(X-REQUEST-ID)%")))
                .build();
    }

    private static HeaderValueOption reason() {
        return HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey(REASON_HEADER).setValue("%RESPONSE_CODE_DETAILS%"))
                .setAppendAction(HeaderValueOption.HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
                .build();
    }

    private static AccessLogFilter status(ComparisonFilter.Op op, int status) {
        return AccessLogFilter.newBuilder()
                .setStatusCodeFilter(StatusCodeFilter.newBuilder()
                        .setComparison(ComparisonFilter.newBuilder()
                                .setOp(op)
                                .setValue(RuntimeUInt32.newBuilder()
                                        .setDefaultValue(status)
                                        .setRuntimeKey("perimeter.local_reply." + status))))
                .build();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }
}
