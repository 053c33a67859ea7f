package dev.perimeter.proxy.filters;

import dev.perimeter.controlplane.contract.fields.Documented;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.failure.ResponseFlag;
import dev.perimeter.proxy.filter.Attribute;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.FilterSetup;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.filters.field.Field;
import dev.perimeter.proxy.filters.field.Fraction;
import dev.perimeter.proxy.filters.field.HeaderOptions;
import dev.perimeter.proxy.filters.field.RateActions;
import dev.perimeter.proxy.filters.limit.Descriptors;
import dev.perimeter.proxy.filters.limit.GrpcStatus;
import dev.perimeter.proxy.filters.limit.TokenBucket;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.observe.metric.Metric;
import dev.perimeter.proxy.observe.metric.Scope;
import dev.perimeter.proxy.route.HeaderEdits;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.LocalRateLimitDescriptor;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.XRateLimitHeadersRFCVersion;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets only so many requests pass in a while, counted in this process alone by a bucket of tokens; the rest is told 429
 * (Envoy's local_ratelimit). As in Envoy nothing is limited before filter_enabled and filter_enforced say so.
 */
final class LocalRateLimitFilter implements FilterKind, Documented {

    /**
     * @param bucket null where only routes have one
     * @param ofConnection where a connection keeps its own, or null when all share one
     */
    private record Config(
            String statPrefix,
            int status,
            @Nullable TokenBucket bucket,
            @Nullable Attribute<TokenBucket> ofConnection,
            Descriptors descriptors,
            boolean alwaysConsume,
            Fraction enabled,
            Fraction enforced,
            HeaderEdits requestHeaders,
            HeaderEdits responseHeaders,
            boolean tellsLimit,
            int grpcStatus) {

        private static final long LEAST_FILL_NANOS = 50_000_000;
        private static final int TOO_MANY_REQUESTS = 429;

        private static final FieldList BUCKET = FieldList.of(io.envoyproxy.envoy.type.v3.TokenBucket::getDescriptor)
                .honoured(
                        io.envoyproxy.envoy.type.v3.TokenBucket.MAX_TOKENS_FIELD_NUMBER,
                        io.envoyproxy.envoy.type.v3.TokenBucket.TOKENS_PER_FILL_FIELD_NUMBER,
                        io.envoyproxy.envoy.type.v3.TokenBucket.FILL_INTERVAL_FIELD_NUMBER);

        private static final FieldList FIELDS = FieldList.of(LocalRateLimit::getDescriptor)
                .inside(
                        LocalRateLimit.STATUS_FIELD_NUMBER,
                        FieldList.of(HttpStatus::getDescriptor).honoured(HttpStatus.CODE_FIELD_NUMBER))
                .inside(LocalRateLimit.TOKEN_BUCKET_FIELD_NUMBER, BUCKET)
                .inside(LocalRateLimit.FILTER_ENABLED_FIELD_NUMBER, Fraction.RUNTIME)
                .inside(LocalRateLimit.FILTER_ENFORCED_FIELD_NUMBER, Fraction.RUNTIME)
                .inside(LocalRateLimit.REQUEST_HEADERS_TO_ADD_WHEN_NOT_ENFORCED_FIELD_NUMBER, HeaderOptions.FIELDS)
                .inside(LocalRateLimit.RESPONSE_HEADERS_TO_ADD_FIELD_NUMBER, HeaderOptions.FIELDS)
                .inside(
                        LocalRateLimit.DESCRIPTORS_FIELD_NUMBER,
                        FieldList.of(LocalRateLimitDescriptor::getDescriptor)
                                .honoured(LocalRateLimitDescriptor.ENTRIES_FIELD_NUMBER)
                                .inside(LocalRateLimitDescriptor.TOKEN_BUCKET_FIELD_NUMBER, BUCKET))
                .inside(LocalRateLimit.RATE_LIMITS_FIELD_NUMBER, RateActions.FIELDS)
                .honoured(
                        LocalRateLimit.STAT_PREFIX_FIELD_NUMBER,
                        LocalRateLimit.LOCAL_RATE_LIMIT_PER_DOWNSTREAM_CONNECTION_FIELD_NUMBER,
                        LocalRateLimit.ENABLE_X_RATELIMIT_HEADERS_FIELD_NUMBER,
                        LocalRateLimit.ALWAYS_CONSUME_DEFAULT_TOKEN_BUCKET_FIELD_NUMBER,
                        LocalRateLimit.RATE_LIMITED_AS_RESOURCE_EXHAUSTED_FIELD_NUMBER)
                // Both speak of the rate limits of routes, which are refused there.
                .harmless(LocalRateLimit.STAGE_FIELD_NUMBER, LocalRateLimit.VH_RATE_LIMITS_FIELD_NUMBER);

        static Parsed<Config> parse(ByteBuffer typedConfig) {
            return Field.read(typedConfig, LocalRateLimit.parser(), FIELDS, Config::of);
        }

        private static Config of(LocalRateLimit message, Field field) {
            if (message.getStatPrefix().isEmpty()) {
                field.in("stat_prefix").refuse("must not be empty");
            }
            boolean perConnection = message.getLocalRateLimitPerDownstreamConnection();
            if (perConnection && message.getDescriptorsCount() > 0) {
                field.in("descriptors").refuse("are not supported yet with a bucket for each connection");
            }
            int status = message.getStatus().getCodeValue();
            return new Config(
                    message.getStatPrefix(),
                    status < 400 ? TOO_MANY_REQUESTS : status,
                    message.hasTokenBucket() ? bucket(message.getTokenBucket(), field.in("token_bucket")) : null,
                    perConnection ? new Attribute<>("bucket of " + message.getStatPrefix()) : null,
                    descriptors(message, field),
                    !message.hasAlwaysConsumeDefaultTokenBucket()
                            || message.getAlwaysConsumeDefaultTokenBucket().getValue(),
                    message.hasFilterEnabled()
                            ? Fraction.of(message.getFilterEnabled(), field.in("filter_enabled"))
                            : Fraction.NONE,
                    message.hasFilterEnforced()
                            ? Fraction.of(message.getFilterEnforced(), field.in("filter_enforced"))
                            : Fraction.NONE,
                    HeaderOptions.edits(
                            message.getRequestHeadersToAddWhenNotEnforcedList(),
                            field,
                            "request_headers_to_add_when_not_enforced"),
                    HeaderOptions.edits(message.getResponseHeadersToAddList(), field, "response_headers_to_add"),
                    message.getEnableXRatelimitHeaders() == XRateLimitHeadersRFCVersion.DRAFT_VERSION_03,
                    message.getRateLimitedAsResourceExhausted()
                            ? GrpcStatus.RESOURCE_EXHAUSTED
                            : GrpcStatus.UNAVAILABLE);
        }

        private static TokenBucket bucket(io.envoyproxy.envoy.type.v3.TokenBucket message, Field field) {
            long fill = field.in("fill_interval")
                    .positive(message.getFillInterval())
                    .toNanos();
            if (fill < LEAST_FILL_NANOS) {
                field.in("fill_interval").refuse("must be 50 ms or more");
            }
            long most = field.in("max_tokens").between(1, 0xffff_ffffL, Integer.toUnsignedLong(message.getMaxTokens()));
            long perFill = message.hasTokensPerFill()
                    ? field.in("tokens_per_fill")
                            .between(
                                    1,
                                    0xffff_ffffL,
                                    Integer.toUnsignedLong(
                                            message.getTokensPerFill().getValue()))
                    : 1;
            return new TokenBucket(most, perFill, Math.max(fill, LEAST_FILL_NANOS));
        }

        private static Descriptors descriptors(LocalRateLimit message, Field field) {
            Map<List<Descriptors.Entry>, TokenBucket> buckets = new HashMap<>();
            for (int i = 0; i < message.getDescriptorsCount(); i++) {
                LocalRateLimitDescriptor descriptor = message.getDescriptors(i);
                Field here = field.in("descriptors", i);
                List<Descriptors.Entry> entries = new ArrayList<>();
                descriptor.getEntriesList().forEach(entry -> {
                    if (entry.getKey().isEmpty() || entry.getValue().isEmpty()) {
                        here.in("entries").refuse("need a key and a value; a value for all is not supported yet");
                    }
                    entries.add(new Descriptors.Entry(entry.getKey(), entry.getValue()));
                });
                TokenBucket bucket = bucket(descriptor.getTokenBucket(), here.in("token_bucket"));
                if (buckets.put(List.copyOf(entries), bucket) != null) {
                    here.refuse("there is another descriptor with these entries");
                }
            }
            return new Descriptors(RateActions.read(message.getRateLimitsList(), field, "rate_limits"), buckets);
        }
    }

    /** What is counted (Envoy: local rate limit statistics). */
    private enum Counter implements Metric {
        ENABLED("Requests that were held against the limit."),
        OK("Requests within the limit."),
        RATE_LIMITED("Requests beyond the limit."),
        ENFORCED("Requests refused.");

        private final String help;

        Counter(String help) {
            this.help = help;
        }

        @Override
        public String help() {
            return help;
        }
    }

    private record Factory(Config config, @Nullable Scope<Counter> counters) implements FilterFactory {
        @Override
        public FilterFactory bind(FilterSetup setup) {
            return new Factory(
                    config,
                    setup.metrics()
                            .filter(
                                    "envoy_http_local_rate_limit_",
                                    Counter.values(),
                                    "envoy_local_http_ratelimit_prefix",
                                    config.statPrefix));
        }

        @Override
        public HttpFilter create() {
            return new Gate(this);
        }
    }

    @Override
    public String typeUrl() {
        return "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit";
    }

    @Override
    public Parsed<FilterFactory> parse(ByteBuffer typedConfig) {
        return Config.parse(typedConfig).map(config -> new Factory(config, null));
    }

    @Override
    public List<FieldList> fieldLists() {
        return List.of(Config.FIELDS);
    }

    /** One exchange. */
    private static final class Gate implements HttpFilter {

        private final Factory factory;
        private final Config config;
        private @Nullable TokenBucket told;

        Gate(Factory factory) {
            this.factory = factory;
            this.config = factory.config;
        }

        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            if (!config.enabled.takes(exchange.random())) {
                return Verdict.NEXT;
            }
            count(Counter.ENABLED, exchange);
            if (passes(head, exchange)) {
                count(Counter.OK, exchange);
                return Verdict.NEXT;
            }
            count(Counter.RATE_LIMITED, exchange);
            if (!config.enforced.takes(exchange.random())) {
                exchange.edit(config.requestHeaders, head.headers());
                return Verdict.NEXT;
            }
            count(Counter.ENFORCED, exchange);
            return new Verdict.Reply(new Failure.Refused(
                    config.status,
                    "local_rate_limited",
                    "local_rate_limited",
                    ResponseFlag.RATE_LIMITED,
                    config.responseHeaders,
                    config.grpcStatus));
        }

        /** A matching descriptor and, unless the config spares it, the bucket for all must each have a token. */
        private boolean passes(RequestHead head, Exchange exchange) {
            long now = exchange.clock().getAsLong();
            TokenBucket special = config.descriptors.bucket(head, exchange);
            if (special != null) {
                told = special;
                if (!special.take(now)) {
                    return false;
                }
                if (!config.alwaysConsume) {
                    return true;
                }
            }
            TokenBucket general = general(exchange);
            told = special == null ? general : special;
            return general == null || general.take(now);
        }

        private @Nullable TokenBucket general(Exchange exchange) {
            Attribute<TokenBucket> ofConnection = config.ofConnection;
            if (ofConnection == null || config.bucket == null) {
                return config.bucket;
            }
            TokenBucket own = exchange.getOfConnection(ofConnection);
            if (own == null) {
                own = config.bucket.fresh();
                exchange.putOfConnection(ofConnection, own);
            }
            return own;
        }

        @Override
        public Verdict onResponseHead(ResponseHead head, boolean endOfStream, Exchange exchange) {
            TokenBucket bucket = told;
            if (bucket != null && config.tellsLimit) {
                long now = exchange.clock().getAsLong();
                Headers headers = head.headers();
                headers.set("x-ratelimit-limit", Long.toString(bucket.maxTokens()));
                headers.set("x-ratelimit-remaining", Long.toString(bucket.remaining(now)));
                headers.set("x-ratelimit-reset", Long.toString(bucket.secondsToFill(now)));
            }
            return Verdict.NEXT;
        }

        private void count(Counter counter, Exchange exchange) {
            if (factory.counters != null) {
                factory.counters.on(exchange.loopNumber()).increment(counter);
            }
        }
    }
}
