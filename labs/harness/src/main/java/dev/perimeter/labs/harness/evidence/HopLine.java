package dev.perimeter.labs.harness.evidence;

/** One hop as one line of text: which request, who, which way, what, how it ended, and where it went. */
public final class HopLine {

    private HopLine() {}

    /** The line, for a terminal. */
    public static String of(AccessLogLine line) {
        String request = line.field("request_id");
        String what = line.field("method").isEmpty()
                ? "tcp"
                : line.field("method") + " " + line.field("path") + " " + line.field("status");
        String cluster = line.field("upstream_cluster");
        String end = cluster.isEmpty() ? line.field("flags") : "-> " + cluster;
        return String.format(
                        "%-8s  %-25s %-8s  %-20s %s",
                        request.substring(0, Math.min(8, request.length())),
                        line.process(),
                        line.direction(),
                        what,
                        end)
                .stripTrailing();
    }
}
