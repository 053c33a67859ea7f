package dev.perimeter.proxy.filters;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.perimeter.controlplane.contract.fields.Documented;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.controlplane.contract.fields.Refusal;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.RouterSettings;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.http.RequestHead;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import java.nio.ByteBuffer;
import java.util.List;

/** Sends the request to the cluster of its route; the last filter of each chain (Envoy's router). */
final class RouterFilter implements FilterKind, Documented {

    private record Config(boolean suppressEnvoyHeaders, boolean respectExpectedTimeout) {

        private static final FieldList FIELDS = FieldList.of(Router::getDescriptor)
                .honoured(Router.SUPPRESS_ENVOY_HEADERS_FIELD_NUMBER, Router.RESPECT_EXPECTED_RQ_TIMEOUT_FIELD_NUMBER)
                // Statistics are always there, and there is no trace to have a span.
                .harmless(Router.DYNAMIC_STATS_FIELD_NUMBER, Router.START_CHILD_SPAN_FIELD_NUMBER);

        static Parsed<Config> parse(ByteBuffer typedConfig) {
            ByteString bytes = ByteString.copyFrom(typedConfig);
            Refusal refusal = FIELDS.check(bytes, harmless -> {});
            if (refusal != null) {
                return new Parsed.Bad<>(refusal.path(), refusal.reason());
            }
            try {
                Router router = Router.parseFrom(bytes);
                return new Parsed.Ok<>(
                        new Config(router.getSuppressEnvoyHeaders(), router.getRespectExpectedRqTimeout()));
            } catch (InvalidProtocolBufferException malformed) {
                return new Parsed.Bad<>("", "is not a valid message: " + malformed.getMessage());
            }
        }
    }

    private static final HttpFilter FORWARD = new HttpFilter() {
        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            return Verdict.FORWARD;
        }
    };

    /** One for all exchanges, since it keeps nothing of them. */
    private record ForwardWith(Config config) implements HttpFilter {
        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            if (config.suppressEnvoyHeaders()) {
                exchange.put(RouterSettings.SUPPRESS_ENVOY_HEADERS, true);
            }
            if (config.respectExpectedTimeout() && head.headers().contains(RouterSettings.EXPECTED_TIMEOUT)) {
                exchange.put(RouterSettings.RESPECT_EXPECTED_TIMEOUT, true);
            }
            return Verdict.FORWARD;
        }
    }

    @Override
    public String typeUrl() {
        return "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router";
    }

    @Override
    public Parsed<FilterFactory> parse(ByteBuffer typedConfig) {
        return Config.parse(typedConfig).map(RouterFilter::factory);
    }

    private static FilterFactory factory(Config config) {
        boolean plain = !config.suppressEnvoyHeaders() && !config.respectExpectedTimeout();
        HttpFilter filter = plain ? FORWARD : new ForwardWith(config);
        return () -> filter;
    }

    @Override
    public List<FieldList> fieldLists() {
        return List.of(Config.FIELDS);
    }
}
