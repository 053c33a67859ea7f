package dev.perimeter.proxy.observe.metric;

import java.util.Collection;

/** Writes tables of metrics as Prometheus reads them: HELP and TYPE once for each name, then its lines. */
final class PrometheusPage {

    private final StringBuilder out = new StringBuilder();

    /** @param durationName of the histogram, or empty */
    <M extends Enum<M> & Metric> void table(
            String prefix, M[] metrics, Collection<Scope<M>> scopes, String durationName) {
        if (scopes.isEmpty()) {
            return;
        }
        String before = "";
        for (M metric : metrics) {
            String name = prefix + metric.metricName();
            if (!name.equals(before)) {
                head(name, metric.help(), metric.gauge() ? "gauge" : "counter");
                before = name;
            }
            String own = metric.label() == null ? "" : metric.label() + ",";
            for (Scope<M> scope : scopes) {
                line(name, own + scope.label(), Long.toString(scope.total(metric)));
            }
        }
        if (durationName.isEmpty()) {
            return;
        }
        String name = prefix + durationName;
        head(name, "Time from the first to the last byte, in milliseconds.", "histogram");
        scopes.forEach(scope -> histogram(name, scope));
    }

    private void histogram(String name, Scope<?> scope) {
        long count = 0;
        for (int bucket = 0; bucket < Histogram.BUCKETS; bucket++) {
            count += scope.inBucket(bucket);
            String bound = bucket < Histogram.UPPER_MILLIS.length ? bound(Histogram.UPPER_MILLIS[bucket]) : "+Inf";
            line(name + "_bucket", scope.label() + ",le=\"" + bound + "\"", Long.toString(count));
        }
        line(name + "_sum", scope.label(), Double.toString(scope.sumMillis()));
        line(name + "_count", scope.label(), Long.toString(count));
    }

    private static String bound(double millis) {
        return millis == Math.rint(millis) ? Long.toString((long) millis) : Double.toString(millis);
    }

    void single(String name, long value) {
        head(name, name.replace('_', ' ') + ".", name.endsWith("_total") ? "counter" : "gauge");
        out.append(name).append(' ').append(value).append('\n');
    }

    private void head(String name, String help, String type) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void line(String name, String labels, String value) {
        out.append(name).append('{').append(labels).append("} ").append(value).append('\n');
    }

    String text() {
        return out.toString();
    }
}
