package dev.perimeter.proxy.observe.metric;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One line of a table of metrics. The tables of the data plane are {@link HttpMetric}, {@link TcpMetric}, {@link
 * ListenerMetric} and {@link ClusterMetric}; a filter that counts has an enum of its own.
 */
public interface Metric {

    int ordinal();

    /** That of the constant. */
    String name();

    /** Without the prefix of the table; where nothing else is said, the constant's name in small letters. */
    default String metricName() {
        return name().toLowerCase(Locale.ROOT);
    }

    String help();

    default boolean gauge() {
        return false;
    }

    /** A label of this line beside that of the scope, e.g. {@code envoy_response_code_class="2"}; lines of one name stand together. */
    default @Nullable String label() {
        return null;
    }
}
