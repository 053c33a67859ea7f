package dev.perimeter.proxy.observe.metric;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** What one kind of filter counts, a scope for each place it stands at. May be used on any thread. */
final class FilterTable<M extends Enum<M> & Metric> {

    /** More places than any sane configuration names; what comes on top is counted together. */
    private static final int MOST_SCOPES = 1000;

    private final String prefix;
    private final M[] metrics;
    private final int loops;
    private final Map<String, Scope<M>> scopes = new ConcurrentSkipListMap<>();

    FilterTable(String prefix, M[] metrics, int loops) {
        this.prefix = prefix;
        this.metrics = metrics;
        this.loops = loops;
    }

    Scope<M> scope(String labelName, String labelValue) {
        String value = scopes.containsKey(labelValue) || scopes.size() < MOST_SCOPES ? labelValue : "(others)";
        return scopes.computeIfAbsent(
                value, known -> new Scope<>(Metrics.label(labelName, known), loops, metrics.length));
    }

    void write(PrometheusPage page) {
        page.table(prefix, metrics, scopes.values(), "");
    }
}
