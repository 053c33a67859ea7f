package dev.perimeter.proxy.sidecar.parity;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What came of a request, as far as it must be equal through two proxies.
 *
 * @param seen what the upstreams saw of it, in order
 */
record ParityAnswer(int status, Map<String, List<String>> headers, String body, List<Seen> seen) {

    /**
     * Fields whose value no two proxies share, so that only their presence counts: moments and numbers that are drawn, and
     * the name of the server, which is the proxy's own.
     */
    private static final Set<String> ONLY_THERE = Set.of("date", "x-request-id", "x-envoy-upstream-service-time");

    /** A request as an upstream saw it. */
    record Seen(String upstream, String line, Map<String, List<String>> headers, String body) {

        static Seen of(String upstream, String line, Map<String, List<String>> headers, String body) {
            return new Seen(upstream, line, comparable(headers), body);
        }
    }

    static ParityAnswer of(int status, Map<String, List<String>> headers, String body, List<Seen> seen) {
        return new ParityAnswer(status, comparable(headers), body, List.copyOf(seen));
    }

    private static Map<String, List<String>> comparable(Map<String, List<String>> headers) {
        Map<String, List<String>> kept = new TreeMap<>();
        headers.forEach((name, values) -> {
            String lower = name.toLowerCase(java.util.Locale.ROOT);
            boolean drawn = ONLY_THERE.contains(lower) && !(lower.equals("x-request-id") && values.contains("mine"));
            kept.put(
                    lower,
                    drawn
                            ? List.of("*")
                            : values.stream().map(value -> like(lower, value)).toList());
        });
        return kept;
    }

    /** What is left of the time is told in milliseconds, some of which are over. */
    private static String like(String name, String value) {
        // The last is who sent it here; for a client on the same machine Envoy writes its own address.
        if (name.equals("x-forwarded-for")) {
            return value.replace(" ", "").replaceAll("[^,]+$", "(client)");
        }
        if (name.equals("x-envoy-expected-rq-timeout-ms")) {
            return (Long.parseLong(value) + 999) / 1000 + " s or a little less";
        }
        return name.equals("server") && (value.equals("envoy") || value.equals("perimeter")) ? "(own name)" : value;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("status " + status + "\n");
        headers.forEach((name, values) ->
                text.append("  ").append(name).append(": ").append(values).append('\n'));
        text.append("  body: ").append(body).append('\n');
        for (Seen each : seen) {
            text.append("upstream ")
                    .append(each.upstream())
                    .append(" saw ")
                    .append(each.line())
                    .append('\n');
            each.headers()
                    .forEach((name, values) -> text.append("  ")
                            .append(name)
                            .append(": ")
                            .append(values)
                            .append('\n'));
            text.append("  body: ").append(each.body()).append('\n');
        }
        return text.toString();
    }
}
