package dev.perimeter.proxy.runtime;

import dev.perimeter.proxy.accept.ChainIndex;
import dev.perimeter.proxy.filter.FilterSetup;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.chain.FilterPlans;
import dev.perimeter.proxy.observe.metric.LimitMetric;
import dev.perimeter.proxy.observe.metric.Metrics;
import dev.perimeter.proxy.observe.metric.Scope;
import dev.perimeter.proxy.route.RouteTable;
import dev.perimeter.proxy.route.select.RouteIndex;
import dev.perimeter.proxy.snapshot.ConnectionLimit;
import dev.perimeter.proxy.snapshot.FilterChainConfig;
import dev.perimeter.proxy.snapshot.HttpManagerConfig;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.RouteSource;
import dev.perimeter.proxy.snapshot.ListenerConfig;
import dev.perimeter.proxy.snapshot.TcpProxyConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The listeners' part of a {@link SnapshotCompiler}'s work: chains with their managers and the index over them. */
final class ListenerCompiler {

    private final Metrics metrics;
    private final List<String> problems;
    private final RuntimeSnapshot runtime;
    private final RuntimeSnapshot before;

    /** @param problems gets a sentence for each thing that is missing */
    ListenerCompiler(Metrics metrics, List<String> problems, RuntimeSnapshot runtime, RuntimeSnapshot before) {
        this.metrics = metrics;
        this.problems = problems;
        this.runtime = runtime;
        this.before = before;
    }

    @Nullable
    ListenerRuntime compile(ListenerConfig config) {
        ListenerRuntime old = before.listener(config.name());
        List<ChainRuntime> chains = new ArrayList<>(config.chains().size());
        for (FilterChainConfig chain : config.chains()) {
            ChainRuntime compiled = chain(config.name(), chain, old);
            if (compiled == null) {
                return null;
            }
            chains.add(compiled);
        }
        FilterChainConfig others = config.defaultChain();
        ChainRuntime otherwise = others == null ? null : chain(config.name(), others, old);
        if (others != null && otherwise == null) {
            return null;
        }
        ChainIndex index = ChainIndex.of(
                config.chains().stream().map(FilterChainConfig::match).toList());
        String ambiguous = index.problem();
        if (ambiguous != null) {
            problems.add("listener '" + config.name() + "': " + ambiguous);
            return null;
        }
        return new ListenerRuntime(config, index, List.copyOf(chains), otherwise);
    }

    private @Nullable ChainRuntime chain(String listener, FilterChainConfig chain, @Nullable ListenerRuntime old) {
        ConnectionRuntime manager = switch (chain.handling()) {
            case TcpProxyConfig tcp -> new TcpRuntime(listener, tcp, metrics.tcp(tcp.statPrefix()), runtime);
            case HttpManagerConfig http -> http(listener, http, old);
        };
        return manager == null ? null : new ChainRuntime(chain, manager, limited(chain.limit()));
    }

    private @Nullable Scope<LimitMetric> limited(@Nullable ConnectionLimit limit) {
        return limit == null
                ? null
                : metrics.filter(
                        "envoy_connection_limit_",
                        LimitMetric.values(),
                        "envoy_connection_limit_prefix",
                        limit.statPrefix());
    }

    private @Nullable HttpRuntime http(String listener, HttpManagerConfig config, @Nullable ListenerRuntime old) {
        RouteIndex routes = switch (config.routes()) {
            case RouteSource.Inline(RouteTable table) -> inline(table, old);
            case RouteSource.Named(String name) -> runtime.routes().get(name);
        };
        if (routes == null) {
            problems.add("listener '" + listener + "': its route table is not in the snapshot");
            return null;
        }
        return switch (LocalReplies.of(config.localReplies())) {
            case Parsed.Bad<LocalReplies> bad -> {
                problems.add("listener '" + listener + "': local_reply_config: " + bad.sentence());
                yield null;
            }
            case Parsed.Ok<LocalReplies>(LocalReplies replies) ->
                new HttpRuntime(
                        listener,
                        config,
                        routes,
                        new FilterPlans(
                                config.filters(), routes.table(), new FilterSetup(config.statPrefix(), metrics)),
                        replies,
                        metrics.http(config.statPrefix()),
                        runtime);
        };
    }

    /** An index that is there already is not built again. */
    private @Nullable RouteIndex inline(RouteTable table, @Nullable ListenerRuntime old) {
        if (old != null) {
            for (ChainRuntime chain : old.chains()) {
                if (chain.manager() instanceof HttpRuntime http
                        && http.routes().table().equals(table)) {
                    return http.routes();
                }
            }
        }
        return SnapshotCompiler.index(table, problems);
    }
}
