package dev.perimeter.proxy.xds.resource.resilience;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.route.Timeouts;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.MaxStreamDuration;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The time-outs of a route. */
public final class TimeoutsReader {

    /** Envoy's default for a route without a timeout. */
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private TimeoutsReader() {}

    @SuppressWarnings("deprecation") // older control planes give gRPC its time by max_grpc_timeout
    public static FieldList honoured(FieldList fields) {
        return fields.honoured(
                        RouteAction.TIMEOUT_FIELD_NUMBER,
                        RouteAction.IDLE_TIMEOUT_FIELD_NUMBER,
                        RouteAction.MAX_GRPC_TIMEOUT_FIELD_NUMBER,
                        RouteAction.GRPC_TIMEOUT_OFFSET_FIELD_NUMBER)
                .inside(
                        RouteAction.MAX_STREAM_DURATION_FIELD_NUMBER,
                        FieldList.of(MaxStreamDuration::getDescriptor)
                                .honoured(
                                        MaxStreamDuration.MAX_STREAM_DURATION_FIELD_NUMBER,
                                        MaxStreamDuration.GRPC_TIMEOUT_HEADER_MAX_FIELD_NUMBER,
                                        MaxStreamDuration.GRPC_TIMEOUT_HEADER_OFFSET_FIELD_NUMBER));
    }

    public static Timeouts read(RouteAction action, Place place) {
        MaxStreamDuration stream = action.getMaxStreamDuration();
        Place streamPlace = place.in("max_stream_duration");
        return new Timeouts(
                action.hasTimeout() ? Amounts.notNegative(action.getTimeout(), place.in("timeout")) : TIMEOUT,
                action.hasIdleTimeout()
                        ? Amounts.notNegative(action.getIdleTimeout(), place.in("idle_timeout"))
                        : Duration.ZERO,
                stream.hasMaxStreamDuration()
                        ? Amounts.notNegative(stream.getMaxStreamDuration(), streamPlace.in("max_stream_duration"))
                        : null,
                stream.hasGrpcTimeoutHeaderMax()
                        ? new Timeouts.Grpc(
                                Amounts.notNegative(
                                        stream.getGrpcTimeoutHeaderMax(), streamPlace.in("grpc_timeout_header_max")),
                                Amounts.notNegative(
                                        stream.getGrpcTimeoutHeaderOffset(),
                                        streamPlace.in("grpc_timeout_header_offset")))
                        : null,
                grpcRoute(action, place));
    }

    @SuppressWarnings("deprecation") // see above
    private static Timeouts.@Nullable Grpc grpcRoute(RouteAction action, Place place) {
        return action.hasMaxGrpcTimeout()
                ? new Timeouts.Grpc(
                        Amounts.notNegative(action.getMaxGrpcTimeout(), place.in("max_grpc_timeout")),
                        Amounts.notNegative(action.getGrpcTimeoutOffset(), place.in("grpc_timeout_offset")))
                : null;
    }
}
