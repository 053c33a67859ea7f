package dev.perimeter.proxy.observe.metric;

import org.jspecify.annotations.Nullable;

/** What is counted for each limit of connections (Envoy: connection_limit statistics). */
public enum LimitMetric implements Metric {
    LIMITED("limited_connections", "Connections closed since there were too many.", false),
    ACTIVE("active_connections", "Connections open now.", true);

    private final String metricName;
    private final String help;
    private final boolean gauge;

    LimitMetric(String metricName, String help, boolean gauge) {
        this.metricName = metricName;
        this.help = help;
        this.gauge = gauge;
    }

    @Override
    public String metricName() {
        return metricName;
    }

    @Override
    public String help() {
        return help;
    }

    @Override
    public boolean gauge() {
        return gauge;
    }

    @Override
    public @Nullable String label() {
        return null;
    }
}
