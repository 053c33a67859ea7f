package dev.perimeter.proxy.observe.metric;

import dev.perimeter.proxy.failure.ResponseFlag;
import dev.perimeter.proxy.observe.Journal;

/** Adds an ended exchange to the numbers of its listener. */
public final class HttpMeter {

    private static final HttpMetric[] STATUS = {
        HttpMetric.STATUS_1XX,
        HttpMetric.STATUS_2XX,
        HttpMetric.STATUS_3XX,
        HttpMetric.STATUS_4XX,
        HttpMetric.STATUS_5XX
    };
    private static final ResponseFlag[] FLAGS = ResponseFlag.values();

    private HttpMeter() {}

    public static void ended(Cells<HttpMetric> cells, Journal journal) {
        int hundreds = journal.status() / 100;
        if (hundreds >= 1 && hundreds <= 5) {
            cells.increment(STATUS[hundreds - 1]);
        }
        cells.add(HttpMetric.REQUESTS_ACTIVE, -1);
        cells.add(HttpMetric.BYTES_RECEIVED, journal.receivedBytes());
        cells.add(HttpMetric.BYTES_SENT, journal.sentBytes());
        cells.duration(journal.durationNanos());
        if (journal.flags() != 0) {
            for (ResponseFlag flag : FLAGS) {
                if ((journal.flags() & flag.bit()) != 0) {
                    cells.increment(HttpMetric.of(flag));
                }
            }
        }
    }
}
