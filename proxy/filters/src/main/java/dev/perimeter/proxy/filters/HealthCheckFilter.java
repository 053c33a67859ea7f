package dev.perimeter.proxy.filters;

import dev.perimeter.controlplane.contract.fields.Documented;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.cluster.EndpointSet.Health;
import dev.perimeter.proxy.cluster.Host;
import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.FilterSetup;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.filters.field.Conditions;
import dev.perimeter.proxy.filters.field.Field;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.observe.metric.Metric;
import dev.perimeter.proxy.observe.metric.Scope;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import dev.perimeter.proxy.route.select.ValueConditions;
import io.envoyproxy.envoy.extensions.filters.http.health_check.v3.HealthCheck;
import io.envoyproxy.envoy.type.v3.Percent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Answers health checks for the upstream, by how many endpoints of its clusters are well or by what the upstream said a
 * moment ago (Envoy's health_check).
 */
final class HealthCheckFilter implements FilterKind, Documented {

    /**
     * @param cacheNanos how long an answer of the upstream holds; zero to ask it each time
     * @param leastHealthy whole percent by the name of a cluster
     */
    private record Config(
            boolean passThrough, long cacheNanos, Map<String, Integer> leastHealthy, List<ValueMatch> headers) {

        private static final FieldList FIELDS = FieldList.of(HealthCheck::getDescriptor)
                .honoured(
                        HealthCheck.PASS_THROUGH_MODE_FIELD_NUMBER,
                        HealthCheck.CACHE_TIME_FIELD_NUMBER,
                        HealthCheck.CLUSTER_MIN_HEALTHY_PERCENTAGES_FIELD_NUMBER)
                .inside(HealthCheck.HEADERS_FIELD_NUMBER, Conditions.HEADER);

        static Parsed<Config> parse(ByteBuffer typedConfig) {
            return Field.read(typedConfig, HealthCheck.parser(), FIELDS, (message, field) -> {
                boolean through = message.getPassThroughMode().getValue();
                if (!message.hasPassThroughMode()) {
                    field.in("pass_through_mode").refuse("must be set");
                }
                if (!through && message.hasCacheTime()) {
                    field.in("cache_time").refuse("needs pass_through_mode");
                }
                if (through && message.getClusterMinHealthyPercentagesCount() > 0) {
                    field.in("cluster_min_healthy_percentages").refuse("goes without pass_through_mode");
                }
                Duration cache = message.hasCacheTime()
                        ? field.in("cache_time").positive(message.getCacheTime())
                        : Duration.ZERO;
                return new Config(
                        through,
                        cache.toNanos(),
                        percents(message.getClusterMinHealthyPercentagesMap(), field),
                        Conditions.headers(message.getHeadersList(), field, "headers"));
            });
        }

        private static Map<String, Integer> percents(Map<String, Percent> percents, Field field) {
            Map<String, Integer> least = new TreeMap<>();
            percents.forEach((cluster, percent) -> {
                if (!(percent.getValue() >= 0 && percent.getValue() <= 100)) {
                    field.in("cluster_min_healthy_percentages[" + cluster + "]")
                            .refuse(percent.getValue() + " must be between 0 and 100");
                }
                least.put(cluster, (int) percent.getValue());
            });
            return Map.copyOf(least);
        }
    }

    /** What is counted (Envoy: health check filter statistics). */
    private enum Counter implements Metric {
        REQUEST_TOTAL("Health checks received."),
        OK("Health checks answered by 200."),
        FAILED("Health checks answered otherwise."),
        CACHED_RESPONSE("Health checks answered by what the upstream said before.");

        private final String help;

        Counter(String help) {
            this.help = help;
        }

        @Override
        public String help() {
            return help;
        }
    }

    /** What the upstream said, and until when that holds; loops may race to replace it, either is as good. */
    private record Cached(int status, long until) {}

    private record Factory(
            Config config,
            AtomicReference<@Nullable Cached> cache,
            @Nullable Scope<Counter> counters) implements FilterFactory {
        @Override
        public FilterFactory bind(FilterSetup setup) {
            return new Factory(
                    config,
                    cache,
                    setup.metrics()
                            .filter(
                                    "envoy_http_health_check_",
                                    Counter.values(),
                                    "envoy_http_conn_manager_prefix",
                                    setup.statPrefix()));
        }

        @Override
        public HttpFilter create() {
            return new Checkpoint(this);
        }
    }

    @Override
    public String typeUrl() {
        return "type.googleapis.com/envoy.extensions.filters.http.health_check.v3.HealthCheck";
    }

    @Override
    public Parsed<FilterFactory> parse(ByteBuffer typedConfig) {
        return Config.parse(typedConfig).map(config -> new Factory(config, new AtomicReference<>(), null));
    }

    @Override
    public List<FieldList> fieldLists() {
        return List.of(Config.FIELDS);
    }

    /** One exchange. */
    private static final class Checkpoint implements HttpFilter {

        private final Factory factory;
        private boolean asked;

        Checkpoint(Factory factory) {
            this.factory = factory;
        }

        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            Config config = factory.config;
            if (!ValueConditions.all(config.headers, head)) {
                return Verdict.NEXT;
            }
            count(Counter.REQUEST_TOTAL, exchange);
            if (!config.passThrough) {
                String ill = ill(exchange);
                return ill == null
                        ? reply(200, "health_check_ok", exchange)
                        : reply(503, "health_check_failed{" + ill + "}", exchange);
            }
            Cached cached = factory.cache.get();
            if (cached != null && exchange.clock().getAsLong() < cached.until) {
                count(Counter.CACHED_RESPONSE, exchange);
                return reply(cached.status, "health_check_cached", exchange);
            }
            asked = true;
            return Verdict.NEXT;
        }

        @Override
        public Verdict onResponseHead(ResponseHead head, boolean endOfStream, Exchange exchange) {
            if (asked) {
                count(head.status() == 200 ? Counter.OK : Counter.FAILED, exchange);
                if (factory.config.cacheNanos > 0) {
                    long until = exchange.clock().getAsLong() + factory.config.cacheNanos;
                    factory.cache.set(new Cached(head.status(), until));
                }
            }
            return Verdict.NEXT;
        }

        /** The first cluster that is not well enough, or null. */
        private @Nullable String ill(Exchange exchange) {
            for (Map.Entry<String, Integer> wanted : factory.config.leastHealthy.entrySet()) {
                Cluster cluster = exchange.cluster(wanted.getKey());
                if (cluster == null || !isWell(cluster, wanted.getValue())) {
                    return wanted.getKey();
                }
            }
            return null;
        }

        /** An empty cluster is well only if nothing is asked of it. */
        private static boolean isWell(Cluster cluster, int leastPercent) {
            List<Host> hosts = cluster.hosts().all();
            long well = 0;
            for (int i = 0; i < hosts.size(); i++) {
                well += hosts.get(i).health() == Health.UNHEALTHY ? 0 : 1;
            }
            return hosts.isEmpty() ? leastPercent == 0 : 100 * well >= (long) leastPercent * hosts.size();
        }

        private Verdict reply(int status, String details, Exchange exchange) {
            count(status == 200 ? Counter.OK : Counter.FAILED, exchange);
            return new Verdict.Reply(new Failure.Refused(status, details, "", null));
        }

        private void count(Counter counter, Exchange exchange) {
            if (factory.counters != null) {
                factory.counters.on(exchange.loopNumber()).increment(counter);
            }
        }
    }
}
