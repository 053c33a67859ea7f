package dev.perimeter.proxy.sidecar.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbers of the Prometheus page under the names that Envoy's {@code /stats} has for them: {@code
 * envoy_cluster_upstream_rq_total{envoy_cluster_name="pay"}} is {@code cluster.pay.upstream_rq_total}. There is one list
 * of numbers, so no page can lack what another has.
 */
final class StatLines {

    private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private static final Pattern BREAKERS = Pattern.compile("circuit_breakers_(default|high)_");

    /** Which label holds the name of the thing, and the word for such things. */
    private static final Map<String, String> SCOPES = Map.of(
            "envoy_cluster_name", "cluster",
            "envoy_http_conn_manager_prefix", "http",
            "envoy_tcp_prefix", "tcp",
            "envoy_listener_address", "listener");

    record Stat(String name, String value) {
        boolean used() {
            return !value.equals("0") && !value.equals("0.0");
        }
    }

    private StatLines() {}

    /** Sorted by name. Of a histogram its sum and its count are shown; its buckets stand on the Prometheus page. */
    static List<Stat> of(String prometheus) {
        Map<String, Stat> stats = new TreeMap<>();
        for (String line : prometheus.split("\n")) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches() && !matcher.group(1).endsWith("_bucket")) {
                String labels = matcher.group(2) == null ? "" : matcher.group(2);
                String name = name(matcher.group(1), labels);
                stats.put(name, new Stat(name, matcher.group(3)));
            }
        }
        return new ArrayList<>(stats.values());
    }

    private static String name(String metric, String labels) {
        String word = "";
        String scope = "";
        String bare = metric.startsWith("envoy_") ? metric.substring("envoy_".length()) : metric;
        StringBuilder rest = new StringBuilder();
        Matcher label = LABEL.matcher(labels);
        while (label.find()) {
            String value = label.group(2).replace("\\\"", "\"").replace("\\\\", "\\");
            String kind = SCOPES.get(label.group(1));
            if (kind != null) {
                word = kind;
                scope = value;
            } else if (label.group(1).equals("envoy_response_code_class")) {
                bare = bare.replace("_xx", "_" + value + "xx");
            } else {
                rest.append('.').append(value);
            }
        }
        if (word.isEmpty()) {
            int first = bare.indexOf('_');
            return (first < 0 ? bare : bare.substring(0, first) + "." + bare.substring(first + 1)) + rest;
        }
        bare = BREAKERS.matcher(bare).replaceFirst("circuit_breakers.$1.");
        String own = bare.startsWith(word + "_") ? bare.substring(word.length() + 1) : bare;
        return word + "." + scope + "." + own + rest;
    }
}
