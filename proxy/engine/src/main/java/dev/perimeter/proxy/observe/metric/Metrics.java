package dev.perimeter.proxy.observe.metric;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;

/**
 * All numbers of a data plane. The labels are names from the configuration and nothing a client sends, so their number is
 * bounded by the configuration; scopes of clusters that are gone are forgotten.
 */
public final class Metrics {

    private final int loops;
    private final Map<String, Scope<HttpMetric>> http = new ConcurrentSkipListMap<>();
    private final Map<String, Scope<TcpMetric>> tcp = new ConcurrentSkipListMap<>();
    private final Map<String, Scope<ClusterMetric>> clusters = new ConcurrentSkipListMap<>();
    private final Map<String, Scope<HealthMetric>> health = new ConcurrentSkipListMap<>();
    private final Map<String, FilterTable<?>> filters = new ConcurrentSkipListMap<>();
    private final Map<String, Scope<ListenerMetric>> listeners = new ConcurrentSkipListMap<>();
    private final Map<String, LongSupplier> gauges = new ConcurrentSkipListMap<>();

    /** @param loops number of event loops that will write */
    public Metrics(int loops) {
        this.loops = loops;
    }

    public int loops() {
        return loops;
    }

    public Scope<HttpMetric> http(String statPrefix) {
        return http.computeIfAbsent(
                statPrefix,
                name -> new Scope<>(label("envoy_http_conn_manager_prefix", name), loops, HttpMetric.values().length));
    }

    public Scope<TcpMetric> tcp(String statPrefix) {
        return tcp.computeIfAbsent(
                statPrefix, name -> new Scope<>(label("envoy_tcp_prefix", name), loops, TcpMetric.values().length));
    }

    public Scope<ClusterMetric> cluster(String cluster) {
        return clusters.computeIfAbsent(
                cluster, name -> new Scope<>(label("envoy_cluster_name", name), loops, ClusterMetric.values().length));
    }

    /** Written by the health thread alone. */
    public Cells<HealthMetric> health(String cluster) {
        return health.computeIfAbsent(
                        cluster,
                        name -> new Scope<>(label("envoy_cluster_name", name), 1, HealthMetric.values().length))
                .on(0);
    }

    /**
     * What one filter counts; the same label gets the same numbers, so they go on when its configuration changes.
     *
     * @param prefix of the table, one for each enum, e.g. {@code envoy_http_fault_}
     * @param labelValue a name from the configuration, nothing a client sends
     */
    @SuppressWarnings("unchecked")
    public <M extends Enum<M> & Metric> Scope<M> filter(
            String prefix, M[] metrics, String labelName, String labelValue) {
        FilterTable<?> table = filters.computeIfAbsent(prefix, name -> new FilterTable<>(name, metrics, loops));
        return ((FilterTable<M>) table).scope(labelName, labelValue);
    }

    public Scope<ListenerMetric> listener(String listener) {
        return listeners.computeIfAbsent(
                listener, name -> new Scope<>(label("envoy_listener", name), loops, ListenerMetric.values().length));
    }

    /** Forgets every listener but these. */
    public void keepListeners(Set<String> names) {
        listeners.keySet().retainAll(names);
    }

    /** Forgets every cluster but these. */
    public void keepClusters(Set<String> names) {
        clusters.keySet().retainAll(names);
        health.keySet().retainAll(names);
    }

    /** Adds a number of the whole process, e.g. {@code envoy_server_live}. Names that end in {@code _total} are counters. */
    public void process(String name, LongSupplier value) {
        gauges.put(name, value);
    }

    /** The page of {@code /stats/prometheus}, in Prometheus' text format 0.0.4. */
    public String prometheus() {
        PrometheusPage page = new PrometheusPage();
        page.table("envoy_http_", HttpMetric.values(), http.values(), "downstream_rq_time");
        page.table("envoy_tcp_", TcpMetric.values(), tcp.values(), "downstream_cx_length_ms");
        page.table("envoy_listener_", ListenerMetric.values(), listeners.values(), "downstream_cx_length_ms");
        page.table("envoy_cluster_", ClusterMetric.values(), clusters.values(), "upstream_rq_time");
        page.table("envoy_cluster_", HealthMetric.values(), health.values(), "");
        filters.values().forEach(table -> table.write(page));
        gauges.forEach((name, value) -> page.single(name, value.getAsLong()));
        return page.text();
    }

    static String label(String name, String value) {
        return name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
