package dev.perimeter.proxy.filters;

import dev.perimeter.controlplane.contract.fields.Documented;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.FilterSetup;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.RouteOverride;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.filters.field.Conditions;
import dev.perimeter.proxy.filters.field.Field;
import dev.perimeter.proxy.filters.field.Fraction;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.observe.metric.Metric;
import dev.perimeter.proxy.observe.metric.Scope;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch.Test;
import dev.perimeter.proxy.route.select.ValueConditions;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells browsers which other sites may read what is here, and answers their preflights (Envoy's cors; the Fetch standard).
 * In the chain it does nothing; a policy on a route, a virtual host or a route table sets it to work.
 */
final class CorsFilter implements FilterKind, Documented {

    /** @param maxAge empty texts are not sent, as for the other headers */
    private record Config(
            List<Test> origins,
            boolean any,
            String methods,
            String headers,
            String expose,
            String maxAge,
            boolean credentials,
            boolean privateNetwork,
            boolean forwardOthers,
            Fraction enabled,
            Fraction shadow) {

        private static final FieldList FIELDS = FieldList.of(Cors::getDescriptor);

        private static final FieldList POLICY = FieldList.of(CorsPolicy::getDescriptor)
                .inside(CorsPolicy.ALLOW_ORIGIN_STRING_MATCH_FIELD_NUMBER, Conditions.TEXT)
                .inside(CorsPolicy.FILTER_ENABLED_FIELD_NUMBER, Fraction.RUNTIME)
                .inside(CorsPolicy.SHADOW_ENABLED_FIELD_NUMBER, Fraction.RUNTIME)
                .honoured(
                        CorsPolicy.ALLOW_METHODS_FIELD_NUMBER,
                        CorsPolicy.ALLOW_HEADERS_FIELD_NUMBER,
                        CorsPolicy.EXPOSE_HEADERS_FIELD_NUMBER,
                        CorsPolicy.MAX_AGE_FIELD_NUMBER,
                        CorsPolicy.ALLOW_CREDENTIALS_FIELD_NUMBER,
                        CorsPolicy.ALLOW_PRIVATE_NETWORK_ACCESS_FIELD_NUMBER,
                        CorsPolicy.FORWARD_NOT_MATCHING_PREFLIGHTS_FIELD_NUMBER);

        static Parsed<FilterFactory> parse(ByteBuffer typedConfig) {
            return Field.read(typedConfig, Cors.parser(), FIELDS, (message, field) -> new Factory(null, null));
        }

        static Parsed<RouteOverride> forRoute(ByteBuffer typedConfig) {
            return Field.read(typedConfig, CorsPolicy.parser(), POLICY, (message, field) -> {
                Config policy = policy(message, field);
                return before -> new Factory(policy, null);
            });
        }

        private static Config policy(CorsPolicy message, Field field) {
            List<Test> origins = new ArrayList<>();
            for (int i = 0; i < message.getAllowOriginStringMatchCount(); i++) {
                origins.add(Conditions.text(
                        message.getAllowOriginStringMatch(i), field.in("allow_origin_string_match", i)));
            }
            boolean shadow = message.hasShadowEnabled();
            return new Config(
                    List.copyOf(origins),
                    // A matcher that takes a star takes everything.
                    origins.stream().anyMatch(origin -> ValueConditions.meets(origin, "*")),
                    message.getAllowMethods(),
                    message.getAllowHeaders(),
                    message.getExposeHeaders(),
                    message.getMaxAge(),
                    message.getAllowCredentials().getValue(),
                    message.getAllowPrivateNetworkAccess().getValue(),
                    !message.hasForwardNotMatchingPreflights()
                            || message.getForwardNotMatchingPreflights().getValue(),
                    message.hasFilterEnabled()
                            ? Fraction.of(message.getFilterEnabled(), field.in("filter_enabled"))
                            : Fraction.ALL,
                    shadow ? Fraction.of(message.getShadowEnabled(), field.in("shadow_enabled")) : Fraction.NONE);
        }

        boolean allows(String origin) {
            if (any) {
                return true;
            }
            for (int i = 0; i < origins.size(); i++) {
                if (ValueConditions.meets(origins.get(i), origin)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** What is counted (Envoy: cors statistics). */
    private enum Counter implements Metric {
        ORIGIN_VALID("Requests from sites that may."),
        ORIGIN_INVALID("Requests from sites that may not.");

        private final String help;

        Counter(String help) {
            this.help = help;
        }

        @Override
        public String help() {
            return help;
        }
    }

    /** @param policy null where nothing is said */
    private record Factory(
            @Nullable Config policy, @Nullable Scope<Counter> counters) implements FilterFactory {
        @Override
        public FilterFactory bind(FilterSetup setup) {
            return new Factory(
                    policy,
                    setup.metrics()
                            .filter(
                                    "envoy_http_cors_",
                                    Counter.values(),
                                    "envoy_http_conn_manager_prefix",
                                    setup.statPrefix()));
        }

        @Override
        public HttpFilter create() {
            return policy == null ? NOTHING : new Guard(policy, counters);
        }
    }

    private static final HttpFilter NOTHING = new HttpFilter() {};

    @Override
    public String typeUrl() {
        return "type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors";
    }

    @Override
    public Parsed<FilterFactory> parse(ByteBuffer typedConfig) {
        return Config.parse(typedConfig);
    }

    @Override
    public List<String> routeTypeUrls() {
        return List.of("type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy");
    }

    @Override
    public Parsed<RouteOverride> parseForRoute(String typeUrl, ByteBuffer typedConfig) {
        return Config.forRoute(typedConfig);
    }

    @Override
    public List<FieldList> fieldLists() {
        return List.of(Config.FIELDS, Config.POLICY);
    }

    /** One exchange. */
    private static final class Guard implements HttpFilter {

        private final Config policy;
        private final @Nullable Scope<Counter> counters;
        private @Nullable String allowed;
        private boolean preflight;

        Guard(Config policy, @Nullable Scope<Counter> counters) {
            this.policy = policy;
            this.counters = counters;
        }

        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            boolean enabled = policy.enabled.takes(exchange.random());
            if (!enabled && !policy.shadow.takes(exchange.random())) {
                return Verdict.NEXT;
            }
            String origin = head.headers().get("origin");
            if (origin == null || origin.isEmpty()) {
                return Verdict.NEXT;
            }
            boolean valid = policy.allows(origin);
            if (counters != null) {
                counters.on(exchange.loopNumber()).increment(valid ? Counter.ORIGIN_VALID : Counter.ORIGIN_INVALID);
            }
            if (!enabled) {
                return Verdict.NEXT;
            }
            boolean asks = head.method().equals("OPTIONS") && asks(head.headers());
            if (valid) {
                allowed = origin;
                preflight = asks;
            }
            return asks && (valid || !policy.forwardOthers) ? answer(head.headers(), valid) : Verdict.NEXT;
        }

        private static boolean asks(Headers headers) {
            String method = headers.get("access-control-request-method");
            return method != null && !method.isEmpty();
        }

        private Verdict answer(Headers request, boolean valid) {
            Headers headers = new Headers();
            headers.add("content-length", "0");
            if (valid) {
                add(headers, "access-control-allow-methods", policy.methods);
                add(headers, "access-control-allow-headers", policy.headers);
                add(headers, "access-control-max-age", policy.maxAge);
                if (policy.privateNetwork && "true".equals(request.get("access-control-request-private-network"))) {
                    headers.add("access-control-allow-private-network", "true");
                }
            }
            return new Verdict.Answer(new ResponseHead(200, "", headers), "cors_response");
        }

        @Override
        public Verdict onResponseHead(ResponseHead head, boolean endOfStream, Exchange exchange) {
            if (allowed != null) {
                Headers headers = head.headers();
                headers.set("access-control-allow-origin", allowed);
                if (policy.credentials) {
                    headers.set("access-control-allow-credentials", "true");
                }
                if (!preflight && !policy.expose.isEmpty()) {
                    headers.set("access-control-expose-headers", policy.expose);
                }
                // The answer names who asked, so a cache must not give it to another (RFC 9110 section 12.5.5).
                headers.add("vary", "Origin");
            }
            return Verdict.NEXT;
        }

        private static void add(Headers headers, String name, String value) {
            if (!value.isEmpty()) {
                headers.add(name, value);
            }
        }
    }
}
