package dev.perimeter.proxy.observe.metric;

import org.jspecify.annotations.Nullable;

/** What is counted for each TCP proxy (Envoy: TCP proxy statistics). */
public enum TcpMetric implements Metric {
    CONNECTIONS("downstream_cx_total", "Connections accepted.", false),
    CONNECTIONS_ACTIVE("downstream_cx_active", "Connections open now.", true),
    NO_ROUTE("downstream_cx_no_route", "Connections closed since no upstream could be reached.", false),
    IDLE_TIMEOUT("idle_timeout", "Connections closed after silence in both directions.", false),
    BYTES_RECEIVED("downstream_cx_rx_bytes_total", "Bytes from clients.", false),
    BYTES_SENT("downstream_cx_tx_bytes_total", "Bytes to clients.", false);

    private final String metricName;
    private final String help;
    private final boolean gauge;

    TcpMetric(String metricName, String help, boolean gauge) {
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
