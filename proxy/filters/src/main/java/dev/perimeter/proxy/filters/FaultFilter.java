package dev.perimeter.proxy.filters;

import dev.perimeter.controlplane.contract.fields.Documented;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.failure.ResponseFlag;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.FilterSetup;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.filters.field.Conditions;
import dev.perimeter.proxy.filters.field.Field;
import dev.perimeter.proxy.filters.field.Fraction;
import dev.perimeter.proxy.filters.limit.GrpcStatus;
import dev.perimeter.proxy.filters.limit.Throttle;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.observe.metric.Metric;
import dev.perimeter.proxy.observe.metric.Scope;
import dev.perimeter.proxy.route.HeaderEdits;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import dev.perimeter.proxy.route.select.ValueConditions;
import io.envoyproxy.envoy.extensions.filters.common.fault.v3.FaultDelay;
import io.envoyproxy.envoy.extensions.filters.common.fault.v3.FaultRateLimit;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.FaultAbort;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Delays requests, ends them with an error and slows responses down, each for a share of them, so that others can learn to
 * live with it (Envoy's fault).
 */
final class FaultFilter implements FilterKind, Documented {

    /** @param amount milliseconds, an HTTP or gRPC status or KiB/s; -1 where headers of the request say it */
    private record Fault(long amount, boolean grpc, Fraction share) {}

    /** @param active how many faults there are just now, over all loops and all exchanges of this config */
    private record Config(
            @Nullable Fault delay,
            @Nullable Fault abort,
            @Nullable Fault rate,
            String upstreamCluster,
            List<ValueMatch> headers,
            Set<String> downstreamNodes,
            long maxActive,
            AtomicLong active) {

        private static final FieldList NOTHING_INSIDE_DELAY = FieldList.of(FaultDelay.HeaderDelay::getDescriptor);

        private static final FieldList DELAY = FieldList.of(FaultDelay::getDescriptor)
                .honoured(FaultDelay.FIXED_DELAY_FIELD_NUMBER)
                .inside(FaultDelay.HEADER_DELAY_FIELD_NUMBER, NOTHING_INSIDE_DELAY)
                .inside(FaultDelay.PERCENTAGE_FIELD_NUMBER, Fraction.FIELDS);

        private static final FieldList ABORT = FieldList.of(FaultAbort::getDescriptor)
                .honoured(FaultAbort.HTTP_STATUS_FIELD_NUMBER, FaultAbort.GRPC_STATUS_FIELD_NUMBER)
                .inside(FaultAbort.HEADER_ABORT_FIELD_NUMBER, FieldList.of(FaultAbort.HeaderAbort::getDescriptor))
                .inside(FaultAbort.PERCENTAGE_FIELD_NUMBER, Fraction.FIELDS);

        private static final FieldList RATE = FieldList.of(FaultRateLimit::getDescriptor)
                .inside(
                        FaultRateLimit.FIXED_LIMIT_FIELD_NUMBER,
                        FieldList.of(FaultRateLimit.FixedLimit::getDescriptor)
                                .honoured(FaultRateLimit.FixedLimit.LIMIT_KBPS_FIELD_NUMBER))
                .inside(
                        FaultRateLimit.HEADER_LIMIT_FIELD_NUMBER,
                        FieldList.of(FaultRateLimit.HeaderLimit::getDescriptor))
                .inside(FaultRateLimit.PERCENTAGE_FIELD_NUMBER, Fraction.FIELDS);

        private static final FieldList FIELDS = FieldList.of(HTTPFault::getDescriptor)
                .inside(HTTPFault.DELAY_FIELD_NUMBER, DELAY)
                .inside(HTTPFault.ABORT_FIELD_NUMBER, ABORT)
                .inside(HTTPFault.RESPONSE_RATE_LIMIT_FIELD_NUMBER, RATE)
                .inside(HTTPFault.HEADERS_FIELD_NUMBER, Conditions.HEADER)
                .honoured(
                        HTTPFault.UPSTREAM_CLUSTER_FIELD_NUMBER,
                        HTTPFault.DOWNSTREAM_NODES_FIELD_NUMBER,
                        HTTPFault.MAX_ACTIVE_FAULTS_FIELD_NUMBER)
                // There is no runtime layer here, and no statistics by what a client calls itself.
                .harmless(
                        HTTPFault.DELAY_PERCENT_RUNTIME_FIELD_NUMBER,
                        HTTPFault.ABORT_PERCENT_RUNTIME_FIELD_NUMBER,
                        HTTPFault.DELAY_DURATION_RUNTIME_FIELD_NUMBER,
                        HTTPFault.ABORT_HTTP_STATUS_RUNTIME_FIELD_NUMBER,
                        HTTPFault.MAX_ACTIVE_FAULTS_RUNTIME_FIELD_NUMBER,
                        HTTPFault.RESPONSE_RATE_LIMIT_PERCENT_RUNTIME_FIELD_NUMBER,
                        HTTPFault.ABORT_GRPC_STATUS_RUNTIME_FIELD_NUMBER,
                        HTTPFault.DISABLE_DOWNSTREAM_CLUSTER_STATS_FIELD_NUMBER);

        static Parsed<Config> parse(ByteBuffer typedConfig) {
            return Field.read(
                    typedConfig,
                    HTTPFault.parser(),
                    FIELDS,
                    (message, field) -> new Config(
                            message.hasDelay() ? delay(message.getDelay(), field.in("delay")) : null,
                            message.hasAbort() ? abort(message.getAbort(), field.in("abort")) : null,
                            message.hasResponseRateLimit()
                                    ? rate(message.getResponseRateLimit(), field.in("response_rate_limit"))
                                    : null,
                            message.getUpstreamCluster(),
                            Conditions.headers(message.getHeadersList(), field, "headers"),
                            Set.copyOf(new HashSet<>(message.getDownstreamNodesList())),
                            message.hasMaxActiveFaults()
                                    ? Integer.toUnsignedLong(
                                            message.getMaxActiveFaults().getValue())
                                    : Long.MAX_VALUE,
                            new AtomicLong()));
        }

        private static Fault delay(FaultDelay delay, Field field) {
            long millis = switch (delay.getFaultDelaySecifierCase()) {
                case FIXED_DELAY ->
                    field.in("fixed_delay").positive(delay.getFixedDelay()).toMillis();
                case HEADER_DELAY -> -1;
                default -> none(field, "fixed_delay or header_delay");
            };
            return new Fault(millis, false, Fraction.of(delay.getPercentage(), field.in("percentage")));
        }

        private static Fault abort(FaultAbort abort, Field field) {
            long status = switch (abort.getErrorTypeCase()) {
                case HTTP_STATUS -> field.in("http_status").between(200, 599, abort.getHttpStatus());
                case GRPC_STATUS -> field.in("grpc_status").between(0, 16, abort.getGrpcStatus());
                case HEADER_ABORT -> -1;
                default -> none(field, "http_status, grpc_status or header_abort");
            };
            return new Fault(status, abort.hasGrpcStatus(), Fraction.of(abort.getPercentage(), field.in("percentage")));
        }

        private static Fault rate(FaultRateLimit rate, Field field) {
            long limit = switch (rate.getLimitTypeCase()) {
                case FIXED_LIMIT ->
                    field.in("fixed_limit.limit_kbps")
                            .between(1, Throttle.MOST_KIB, rate.getFixedLimit().getLimitKbps());
                case HEADER_LIMIT -> -1;
                default -> none(field, "fixed_limit or header_limit");
            };
            return new Fault(limit, false, Fraction.of(rate.getPercentage(), field.in("percentage")));
        }

        private static long none(Field field, String wanted) {
            field.refuse("needs " + wanted);
            return -1;
        }
    }

    /** What is counted (Envoy: fault statistics). */
    private enum Counter implements Metric {
        DELAYS_INJECTED("Requests delayed."),
        ABORTS_INJECTED("Requests ended with an error."),
        RESPONSE_RL_INJECTED("Responses slowed down."),
        FAULTS_OVERFLOW("Faults left out, since there were enough."),
        ACTIVE_FAULTS("Faults going on now.");

        private final String help;

        Counter(String help) {
            this.help = help;
        }

        @Override
        public String help() {
            return help;
        }

        @Override
        public boolean gauge() {
            return this == ACTIVE_FAULTS;
        }
    }

    private record Factory(Config config, @Nullable Scope<Counter> counters) implements FilterFactory {
        @Override
        public FilterFactory bind(FilterSetup setup) {
            return new Factory(
                    config,
                    setup.metrics()
                            .filter(
                                    "envoy_http_fault_",
                                    Counter.values(),
                                    "envoy_http_conn_manager_prefix",
                                    setup.statPrefix()));
        }

        @Override
        public HttpFilter create() {
            return new Injection(this);
        }
    }

    @Override
    public String typeUrl() {
        return "type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault";
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
    private static final class Injection implements HttpFilter {

        private final Factory factory;
        private final Config config;
        private @Nullable Future<?> delay;
        private @Nullable Throttle throttle;
        private boolean active;

        Injection(Factory factory) {
            this.factory = factory;
            this.config = factory.config;
        }

        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            if (!concerns(head, exchange)) {
                return Verdict.NEXT;
            }
            Headers headers = head.headers();
            slowDown(headers, exchange);
            Fault wanted = config.delay;
            long millis = amount(wanted, headers, "x-envoy-fault-delay-request", Long.MAX_VALUE, exchange);
            if (millis <= 0 || !begin(exchange)) {
                return abort(headers, exchange);
            }
            count(Counter.DELAYS_INJECTED, exchange);
            exchange.flag(ResponseFlag.DELAY_INJECTED);
            delay = exchange.loop()
                    .schedule(
                            () -> {
                                end(exchange);
                                exchange.requestFlow().resume(this, abort(headers, exchange));
                            },
                            millis,
                            TimeUnit.MILLISECONDS);
            return Verdict.LATER;
        }

        private boolean concerns(RequestHead head, Exchange exchange) {
            if (!config.upstreamCluster.isEmpty() && !config.upstreamCluster.equals(exchange.targetCluster())) {
                return false;
            }
            String node = head.headers().get("x-envoy-downstream-service-node");
            return (config.downstreamNodes.isEmpty() || (node != null && config.downstreamNodes.contains(node)))
                    && ValueConditions.all(config.headers, head);
        }

        private Verdict abort(Headers headers, Exchange exchange) {
            Fault fault = config.abort;
            if (fault == null) {
                return Verdict.NEXT;
            }
            boolean grpc = fault.grpc;
            long status = amount(fault, headers, "x-envoy-fault-abort-request", 599, exchange);
            if (fault.amount < 0 && status < 0) {
                status = amount(fault, headers, "x-envoy-fault-abort-grpc-request", 16, exchange);
                grpc = true;
            }
            if (status < (grpc ? 0 : 200) || !begin(exchange)) {
                return Verdict.NEXT;
            }
            count(Counter.ABORTS_INJECTED, exchange);
            return new Verdict.Reply(new Failure.Refused(
                    grpc ? GrpcStatus.http((int) status) : (int) status,
                    "fault_filter_abort",
                    "fault filter abort",
                    ResponseFlag.FAULT_INJECTED,
                    HeaderEdits.NONE,
                    grpc ? (int) status : -1));
        }

        private void slowDown(Headers headers, Exchange exchange) {
            long limit = amount(config.rate, headers, "x-envoy-fault-throughput-response", Throttle.MOST_KIB, exchange);
            if (limit > 0 && begin(exchange)) {
                count(Counter.RESPONSE_RL_INJECTED, exchange);
                throttle = new Throttle(this, limit, exchange);
            }
        }

        /** What the config or, if it leaves that to them, the headers ask for; -1 for nothing, or when it is not this request's turn. */
        private static long amount(
                @Nullable Fault fault, Headers headers, String header, long most, Exchange exchange) {
            if (fault == null) {
                return -1;
            }
            long amount = fault.amount;
            Fraction share = fault.share;
            if (amount < 0) {
                amount = number(headers.get(header), most);
                String percent = headers.get(header.replace("-grpc-", "-") + "-percentage");
                // A header may ask for less than the config allows, never for more.
                share = percent == null ? share : share.atMost(Math.max(0, number(percent, share.of())));
            }
            return amount >= 0 && share.takes(exchange.random()) ? amount : -1;
        }

        private static long number(@Nullable String text, long most) {
            if (text == null
                    || text.isEmpty()
                    || text.length() > 9
                    || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return -1;
            }
            long number = Long.parseLong(text);
            return number <= most ? number : -1;
        }

        private boolean begin(Exchange exchange) {
            if (active) {
                return true;
            }
            if (config.active.get() >= config.maxActive) {
                count(Counter.FAULTS_OVERFLOW, exchange);
                return false;
            }
            active = true;
            config.active.incrementAndGet();
            add(Counter.ACTIVE_FAULTS, 1, exchange);
            return true;
        }

        private void end(Exchange exchange) {
            if (active && throttle == null) {
                active = false;
                config.active.decrementAndGet();
                add(Counter.ACTIVE_FAULTS, -1, exchange);
            }
        }

        @Override
        public Verdict onResponseData(ByteBuf data, boolean endOfStream, Exchange exchange) {
            return throttle == null ? Verdict.NEXT : throttle.pass(data);
        }

        private void count(Counter counter, Exchange exchange) {
            add(counter, 1, exchange);
        }

        private void add(Counter counter, long amount, Exchange exchange) {
            if (factory.counters != null) {
                factory.counters.on(exchange.loopNumber()).add(counter, amount);
            }
        }

        @Override
        public void onComplete(Exchange exchange) {
            if (delay != null) {
                delay.cancel(false);
            }
            if (throttle != null) {
                throttle.cancel();
                throttle = null;
            }
            end(exchange);
        }
    }
}
