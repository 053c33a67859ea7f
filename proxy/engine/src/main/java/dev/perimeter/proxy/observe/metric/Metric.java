package dev.perimeter.proxy.observe.metric;

import org.jspecify.annotations.Nullable;

/** One line of a table of metrics; the tables are {@link HttpMetric}, {@link TcpMetric} and {@link ClusterMetric}. */
interface Metric {

    int ordinal();

    /** Without the prefix of the table. */
    String metricName();

    String help();

    boolean gauge();

    /** A label of this line beside that of the scope, e.g. {@code envoy_response_code_class="2"}; lines of one name stand together. */
    @Nullable
    String label();
}
