package dev.perimeter.controlplane.translate.listener;

import com.google.protobuf.Any;
import com.google.protobuf.UInt64Value;
import dev.perimeter.controlplane.contract.FilterName;
import dev.perimeter.controlplane.contract.filters.http.body_limit.v1.BodyLimit;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;

/** The order of the HTTP filters, decided here and nowhere else, with a reason for each position. */
final class HttpFilters {
    /** What the door lets in when nothing else is said: 10 MiB. */
    private static final long MOST_BODY_BYTES = 10L << 20;

    private HttpFilters() {}

    /** The filters of a listener of this direction. */
    static List<HttpFilter> of(Direction direction) {
        return direction == Direction.GATEWAY
                ? List.of(
                        // First what costs least and refuses most: nothing behind it sees a body that is too long.
                        bodyLimit(),
                        // Last, because it answers: nothing behind it would ever be asked.
                        router(false))
                // East-west there is nothing to refuse yet, so only the one that answers.
                : List.of(router(true));
    }

    /** Stock Envoy does not know this one and may leave it out, so that it can stand at our door too. */
    private static HttpFilter bodyLimit() {
        return HttpFilter.newBuilder()
                .setName(FilterName.BODY_LIMIT)
                .setIsOptional(true)
                .setTypedConfig(Any.pack(BodyLimit.newBuilder()
                        .setMaxRequestBytes(UInt64Value.of(MOST_BODY_BYTES))
                        .build()))
                .build();
    }

    /** @param behindOurs whether the caller may be a proxy of ours, whose time-out then is ours too */
    private static HttpFilter router(boolean behindOurs) {
        return HttpFilter.newBuilder()
                .setName(FilterName.ROUTER)
                .setTypedConfig(Any.pack(Router.newBuilder()
                        .setRespectExpectedRqTimeout(behindOurs)
                        .build()))
                .build();
    }
}
