package dev.perimeter.proxy.xds.resource.cluster;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.cluster.health.HealthCheck.Grpc;
import dev.perimeter.proxy.cluster.health.HealthCheck.Http;
import dev.perimeter.proxy.cluster.health.HealthCheck.Intervals;
import dev.perimeter.proxy.cluster.health.HealthCheck.Probe;
import dev.perimeter.proxy.cluster.health.HealthCheck.StatusRange;
import dev.perimeter.proxy.cluster.health.HealthCheck.Tcp;
import dev.perimeter.proxy.route.HeaderEdit;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Names;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.resource.http.HeaderEdits;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.GrpcHealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.HttpHealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.Payload;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.TcpHealthCheck;
import io.envoyproxy.envoy.config.core.v3.RequestMethod;
import io.envoyproxy.envoy.type.v3.CodecClientType;
import io.envoyproxy.envoy.type.v3.Int64Range;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Active health checks: one for each cluster, by HTTP, TCP or gRPC. */
public final class HealthCheckReader {

    private static final java.time.Duration NO_TRAFFIC = java.time.Duration.ofSeconds(60);

    private static final FieldList RANGE = FieldList.of(Int64Range::getDescriptor)
            .honoured(Int64Range.START_FIELD_NUMBER, Int64Range.END_FIELD_NUMBER);

    private static final FieldList PAYLOAD =
            FieldList.of(Payload::getDescriptor).honoured(Payload.TEXT_FIELD_NUMBER, Payload.BINARY_FIELD_NUMBER);

    private static final FieldList HTTP = FieldList.of(HttpHealthCheck::getDescriptor)
            .honoured(
                    HttpHealthCheck.HOST_FIELD_NUMBER,
                    HttpHealthCheck.PATH_FIELD_NUMBER,
                    HttpHealthCheck.METHOD_FIELD_NUMBER,
                    HttpHealthCheck.REQUEST_HEADERS_TO_REMOVE_FIELD_NUMBER,
                    HttpHealthCheck.CODEC_CLIENT_TYPE_FIELD_NUMBER)
            .inside(HttpHealthCheck.REQUEST_HEADERS_TO_ADD_FIELD_NUMBER, HeaderEdits.FIELDS)
            .inside(HttpHealthCheck.EXPECTED_STATUSES_FIELD_NUMBER, RANGE)
            .inside(HttpHealthCheck.RETRIABLE_STATUSES_FIELD_NUMBER, RANGE);

    private static final FieldList TCP = FieldList.of(TcpHealthCheck::getDescriptor)
            .inside(TcpHealthCheck.SEND_FIELD_NUMBER, PAYLOAD)
            .inside(TcpHealthCheck.RECEIVE_FIELD_NUMBER, PAYLOAD);

    private static final FieldList GRPC = FieldList.of(GrpcHealthCheck::getDescriptor)
            .honoured(GrpcHealthCheck.SERVICE_NAME_FIELD_NUMBER, GrpcHealthCheck.AUTHORITY_FIELD_NUMBER);

    public static final FieldList FIELDS = FieldList.of(HealthCheck::getDescriptor)
            .honoured(
                    HealthCheck.TIMEOUT_FIELD_NUMBER,
                    HealthCheck.INTERVAL_FIELD_NUMBER,
                    HealthCheck.INITIAL_JITTER_FIELD_NUMBER,
                    HealthCheck.INTERVAL_JITTER_FIELD_NUMBER,
                    HealthCheck.INTERVAL_JITTER_PERCENT_FIELD_NUMBER,
                    HealthCheck.UNHEALTHY_THRESHOLD_FIELD_NUMBER,
                    HealthCheck.HEALTHY_THRESHOLD_FIELD_NUMBER,
                    HealthCheck.REUSE_CONNECTION_FIELD_NUMBER,
                    HealthCheck.NO_TRAFFIC_INTERVAL_FIELD_NUMBER,
                    HealthCheck.NO_TRAFFIC_HEALTHY_INTERVAL_FIELD_NUMBER,
                    HealthCheck.UNHEALTHY_INTERVAL_FIELD_NUMBER,
                    HealthCheck.UNHEALTHY_EDGE_INTERVAL_FIELD_NUMBER,
                    HealthCheck.HEALTHY_EDGE_INTERVAL_FIELD_NUMBER)
            .inside(HealthCheck.HTTP_HEALTH_CHECK_FIELD_NUMBER, HTTP)
            .inside(HealthCheck.TCP_HEALTH_CHECK_FIELD_NUMBER, TCP)
            .inside(HealthCheck.GRPC_HEALTH_CHECK_FIELD_NUMBER, GRPC)
            .harmless(
                    HealthCheck.ALWAYS_LOG_HEALTH_CHECK_FAILURES_FIELD_NUMBER,
                    HealthCheck.ALWAYS_LOG_HEALTH_CHECK_SUCCESS_FIELD_NUMBER);

    private HealthCheckReader() {}

    /** @param checks as they stand in the cluster; Envoy, too, takes no more than one */
    public static dev.perimeter.proxy.cluster.health.@Nullable HealthCheck read(
            List<HealthCheck> checks, Place cluster) {
        if (checks.isEmpty()) {
            return null;
        }
        if (checks.size() > 1) {
            cluster.in("health_checks", 1).refuse("only one health check is possible");
        }
        HealthCheck check = checks.getFirst();
        Place place = cluster.in("health_checks", 0);
        Probe probe = switch (check.getHealthCheckerCase()) {
            case HTTP_HEALTH_CHECK -> http(check.getHttpHealthCheck(), place.in("http_health_check"));
            case TCP_HEALTH_CHECK -> tcp(check.getTcpHealthCheck(), place.in("tcp_health_check"));
            case GRPC_HEALTH_CHECK -> {
                GrpcHealthCheck grpc = check.getGrpcHealthCheck();
                yield new Grpc(grpc.getServiceName(), grpc.getAuthority());
            }
            default -> {
                place.refuse("needs http_health_check, tcp_health_check or grpc_health_check");
                yield new Tcp("", List.of());
            }
        };
        return new dev.perimeter.proxy.cluster.health.HealthCheck(
                probe,
                Amounts.positive(check.getTimeout(), place.in("timeout")),
                intervals(check, place),
                Amounts.between(1, Integer.MAX_VALUE, check.getUnhealthyThreshold(), place.in("unhealthy_threshold")),
                Amounts.between(1, Integer.MAX_VALUE, check.getHealthyThreshold(), place.in("healthy_threshold")),
                !check.hasReuseConnection() || check.getReuseConnection().getValue());
    }

    private static Intervals intervals(HealthCheck check, Place place) {
        java.time.Duration interval = Amounts.positive(check.getInterval(), place.in("interval"));
        java.time.Duration noTraffic = check.hasNoTrafficInterval()
                ? Amounts.positive(check.getNoTrafficInterval(), place.in("no_traffic_interval"))
                : NO_TRAFFIC;
        java.time.Duration unhealthy = or(
                check.hasUnhealthyInterval(), check.getUnhealthyInterval(), interval, place.in("unhealthy_interval"));
        return new Intervals(
                interval,
                Amounts.notNegative(check.getInitialJitter(), place.in("initial_jitter")),
                Amounts.notNegative(check.getIntervalJitter(), place.in("interval_jitter")),
                Amounts.between(
                        0,
                        10_000,
                        Integer.toUnsignedLong(check.getIntervalJitterPercent()),
                        place.in("interval_jitter_percent")),
                noTraffic,
                or(
                        check.hasNoTrafficHealthyInterval(),
                        check.getNoTrafficHealthyInterval(),
                        noTraffic,
                        place.in("no_traffic_healthy_interval")),
                unhealthy,
                or(
                        check.hasUnhealthyEdgeInterval(),
                        check.getUnhealthyEdgeInterval(),
                        unhealthy,
                        place.in("unhealthy_edge_interval")),
                or(
                        check.hasHealthyEdgeInterval(),
                        check.getHealthyEdgeInterval(),
                        interval,
                        place.in("healthy_edge_interval")));
    }

    private static java.time.Duration or(boolean given, Duration value, java.time.Duration standard, Place place) {
        return given ? Amounts.positive(value, place) : standard;
    }

    private static Http http(HttpHealthCheck http, Place place) {
        String path = Names.required(http.getPath(), place.in("path"));
        if (!path.startsWith("/") || path.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            place.in("path").refuse("`" + path + "` must begin with a slash and be visible ASCII");
        }
        int codec = http.getCodecClientTypeValue();
        if (codec != CodecClientType.HTTP1_VALUE && codec != CodecClientType.HTTP2_VALUE) {
            place.in("codec_client_type").refuse(http.getCodecClientType() + " is not supported yet");
        }
        int method = http.getMethodValue();
        if (method == RequestMethod.CONNECT_VALUE || http.getMethod() == RequestMethod.UNRECOGNIZED) {
            place.in("method").refuse("cannot be used for a check");
        }
        return new Http(
                http.getHost(),
                path,
                method == RequestMethod.METHOD_UNSPECIFIED_VALUE || http.getMethod() == RequestMethod.UNRECOGNIZED
                        ? "GET"
                        : http.getMethod().name(),
                ranges(http.getExpectedStatusesList(), place, "expected_statuses"),
                ranges(http.getRetriableStatusesList(), place, "retriable_statuses"),
                headers(http, place),
                codec == CodecClientType.HTTP2_VALUE);
    }

    /** There is no request whose values an operator could name; two percent signs are one. */
    private static List<HeaderEdit> headers(HttpHealthCheck http, Place place) {
        List<HeaderValueOption> added = new ArrayList<>();
        for (int i = 0; i < http.getRequestHeadersToAddCount(); i++) {
            HeaderValueOption option = http.getRequestHeadersToAdd(i);
            String value = option.getHeader().getValue();
            if (value.replace("%%", "").indexOf('%') >= 0) {
                place.in("request_headers_to_add", i)
                        .in("header")
                        .in("value")
                        .refuse("`" + value + "` must not hold command operators");
            }
            if (value.isEmpty() && !option.getKeepEmptyValue()) {
                continue;
            }
            added.add(option);
        }
        return HeaderEdits.request(http.getRequestHeadersToRemoveList(), added, place).stream()
                .map(HealthCheckReader::unescaped)
                .toList();
    }

    private static HeaderEdit unescaped(HeaderEdit edit) {
        return switch (edit) {
            case HeaderEdit.Remove remove -> remove;
            case HeaderEdit.Set(String name, String value, boolean empty) ->
                new HeaderEdit.Set(name, value.replace("%%", "%"), empty);
            case HeaderEdit.Append(String name, String value, boolean empty) ->
                new HeaderEdit.Append(name, value.replace("%%", "%"), empty);
            case HeaderEdit.AddIfAbsent(String name, String value, boolean empty) ->
                new HeaderEdit.AddIfAbsent(name, value.replace("%%", "%"), empty);
            case HeaderEdit.Replace(String name, String value, boolean empty) ->
                new HeaderEdit.Replace(name, value.replace("%%", "%"), empty);
        };
    }

    private static List<StatusRange> ranges(List<Int64Range> ranges, Place place, String field) {
        List<StatusRange> read = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i++) {
            Place here = place.in(field, i);
            int start = Amounts.between(100, 599, ranges.get(i).getStart(), here.in("start"));
            read.add(new StatusRange(
                    start, Amounts.between(start + 1L, 600, ranges.get(i).getEnd(), here.in("end"))));
        }
        return List.copyOf(read);
    }

    private static Tcp tcp(TcpHealthCheck tcp, Place place) {
        List<String> receive = new ArrayList<>();
        for (int i = 0; i < tcp.getReceiveCount(); i++) {
            receive.add(payload(tcp.getReceive(i), place.in("receive", i)));
        }
        return new Tcp(tcp.hasSend() ? payload(tcp.getSend(), place.in("send")) : "", List.copyOf(receive));
    }

    /** Hexadecimal in either case. */
    private static String payload(Payload payload, Place place) {
        if (payload.getPayloadCase() == Payload.PayloadCase.BINARY) {
            ByteString bytes = payload.getBinary();
            return HexFormat.of().formatHex(bytes.toByteArray());
        }
        String text = payload.getText();
        try {
            return HexFormat.of().formatHex(HexFormat.of().parseHex(text));
        } catch (IllegalArgumentException notHexadecimal) {
            place.in("text").refuse("`" + text + "` is not hexadecimal");
            return "";
        }
    }
}
