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

/** What the replies look like that a proxy makes itself. */
final class LocalReplies {
    /** Says why a sidecar answered itself; the door removes it from what comes from inside. */
    static final String REASON_HEADER = "x-proxy-reason";

    private LocalReplies() {}

    /** Inside the mesh the reason is told, since whoever reads it runs the mesh. */
    static LocalReplyConfig inside() {
        return LocalReplyConfig.newBuilder()
                .addMappers(ResponseMapper.newBuilder()
                        .setFilter(AccessLogFilter.newBuilder().setStatusCodeFilter(anyError()))
                        .addHeadersToAdd(HeaderValueOption.newBuilder()
                                .setHeader(HeaderValue.newBuilder()
                                        .setKey(REASON_HEADER)
                                        .setValue("%RESPONSE_CODE_DETAILS%"))
                                .setAppendAction(HeaderValueOption.HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)))
                .build();
    }

    /** Outside gets problem details (RFC 9457) that name nothing inside: the status and the request to ask about. */
    static LocalReplyConfig atTheDoor() {
        return LocalReplyConfig.newBuilder()
                .setBodyFormat(SubstitutionFormatString.newBuilder()
                        .setContentType("application/problem+json")
                        .setJsonFormat(Struct.newBuilder()
                                .putFields("type", text("about:blank"))
                                .putFields("status", text("%RESPONSE_CODE%"))
                                .putFields("request_id", text("%REQ(X-REQUEST-ID)%"))))
                .build();
    }

    private static StatusCodeFilter anyError() {
        return StatusCodeFilter.newBuilder()
                .setComparison(ComparisonFilter.newBuilder()
                        .setOp(ComparisonFilter.Op.GE)
                        .setValue(RuntimeUInt32.newBuilder()
                                .setDefaultValue(400)
                                .setRuntimeKey("perimeter.local_reply_reason_from")))
                .build();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }
}
