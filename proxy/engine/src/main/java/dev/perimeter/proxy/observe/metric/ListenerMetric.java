package dev.perimeter.proxy.observe.metric;

import org.jspecify.annotations.Nullable;

/** What is counted for each listener (Envoy: listener statistics). */
public enum ListenerMetric implements Metric {
    CONNECTIONS("downstream_cx_total", "Connections accepted.", false),
    CONNECTIONS_ACTIVE("downstream_cx_active", "Connections open now.", true),
    NO_FILTER_CHAIN("no_filter_chain_match", "Connections closed since no filter chain takes them.", false),
    FILTER_TIMEOUT("downstream_pre_cx_timeout", "Connections whose first bytes did not come in time.", false),
    FILTER_REFUSED("downstream_listener_filter_error", "Connections whose first bytes broke a rule.", false),
    TLS_HANDSHAKES("ssl_handshake", "TLS handshakes that succeeded.", false),
    TLS_ERRORS("ssl_connection_error", "TLS handshakes that failed.", false),
    TLS_TIMEOUT("downstream_cx_transport_socket_connect_timeout", "TLS handshakes that took too long.", false),
    TLS_NO_CERTIFICATE("ssl_no_certificate", "TLS connections of clients without a certificate.", false),
    TLS_NO_SECRETS(
            "server_ssl_socket_factory_downstream_context_secrets_not_ready",
            "Connections closed since the certificates have not come.",
            false);

    private final String metricName;
    private final String help;
    private final boolean gauge;

    ListenerMetric(String metricName, String help, boolean gauge) {
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
