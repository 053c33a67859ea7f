package dev.perimeter.controlplane.translate.listener;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.perimeter.controlplane.contract.FilterName;
import dev.perimeter.controlplane.contract.NodeId;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import java.util.List;

/**
 * The access log of every listener: one JSON object a line on standard output. This is the only place that says what
 * a line holds; the labs, the evidence and the book read these names.
 */
final class AccessLogs {
    /** Field and command operator, in the order a person reads a line: when, who, what, how it went, where, wire. */
    private static final List<List<String>> FIELDS = List.of(
            List.of("request_id", "%REQ(X-REQUEST-ID)%"),
            List.of("traceparent", "%REQ(TRACEPARENT)%"),
            List.of("method", "%REQ(:METHOD)%"),
            List.of("authority", "%REQ(:AUTHORITY)%"),
            List.of("path", "%REQ(:PATH)%"),
            List.of("protocol", "%PROTOCOL%"),
            List.of("status", "%RESPONSE_CODE%"),
            List.of("grpc_status", "%GRPC_STATUS_NUMBER%"),
            List.of("details", "%RESPONSE_CODE_DETAILS%"),
            List.of("flags", "%RESPONSE_FLAGS%"),
            List.of("bytes_received", "%BYTES_RECEIVED%"),
            List.of("bytes_sent", "%BYTES_SENT%"),
            List.of("duration_ms", "%DURATION%"),
            List.of("upstream_duration_ms", "%RESPONSE_DURATION%"),
            List.of("attempts", "%UPSTREAM_REQUEST_ATTEMPT_COUNT%"),
            List.of("route", "%ROUTE_NAME%"),
            List.of("upstream_cluster", "%UPSTREAM_CLUSTER%"),
            List.of("upstream_host", "%UPSTREAM_HOST%"),
            List.of("upstream_local", "%UPSTREAM_LOCAL_ADDRESS%"),
            // The other end of the connection, not the client that x-forwarded-for names: a line is about its own hop.
            List.of("downstream_remote", "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS%"),
            List.of("downstream_local", "%DOWNSTREAM_LOCAL_ADDRESS%"),
            List.of("connection", "%CONNECTION_ID%"));

    private AccessLogs() {}

    /** The log of one listener; proxy, listener and direction stand in each line as they are. */
    static AccessLog of(NodeId proxy, String listener, Direction direction) {
        Struct.Builder format = Struct.newBuilder()
                .putFields("time", text("%START_TIME%"))
                .putFields("proxy", text(proxy.toString()))
                .putFields("listener", text(listener))
                .putFields("direction", text(direction.word()));
        FIELDS.forEach(field -> format.putFields(field.get(0), text(field.get(1))));
        return AccessLog.newBuilder()
                .setName(FilterName.STDOUT_ACCESS_LOG)
                .setTypedConfig(Any.pack(StdoutAccessLog.newBuilder()
                        .setLogFormat(SubstitutionFormatString.newBuilder().setJsonFormat(format))
                        .build()))
                .build();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }
}
