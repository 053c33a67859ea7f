package dev.perimeter.proxy.filters;

import com.google.protobuf.ByteString;
import dev.perimeter.controlplane.contract.fields.Documented;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.controlplane.contract.fields.Refusal;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.http.RequestHead;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import java.nio.ByteBuffer;
import java.util.List;

/** Sends the request to the cluster of its route; the last filter of each chain (Envoy's router). */
final class RouterFilter implements FilterKind, Documented {

    /** Nothing that matters here. */
    private record Config() {

        private static final FieldList FIELDS = FieldList.of(Router::getDescriptor)
                // No x-envoy-* header is ever written here, and statistics are always there.
                .harmless(Router.SUPPRESS_ENVOY_HEADERS_FIELD_NUMBER, Router.DYNAMIC_STATS_FIELD_NUMBER);

        static Parsed<Config> parse(ByteBuffer typedConfig) {
            Refusal refusal = FIELDS.check(ByteString.copyFrom(typedConfig), harmless -> {});
            return refusal == null ? new Parsed.Ok<>(new Config()) : new Parsed.Bad<>(refusal.path(), refusal.reason());
        }
    }

    private static final HttpFilter FORWARD = new HttpFilter() {
        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            return Verdict.FORWARD;
        }
    };

    @Override
    public String typeUrl() {
        return "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router";
    }

    @Override
    public Parsed<FilterFactory> parse(ByteBuffer typedConfig) {
        return Config.parse(typedConfig).map(config -> () -> FORWARD);
    }

    @Override
    public List<FieldList> fieldLists() {
        return List.of(Config.FIELDS);
    }
}
