package dev.perimeter.labs.harness.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AccessLogLineTest {

    @Test
    void hops_ofOneRequest_areOrderedFromTheOutside() {
        List<AccessLogLine> lines = Stream.of(
                        line("payment-v1-0-proxy", "inbound", "10:00:00.002", 3),
                        line("order-processor-0-proxy", "outbound", "10:00:00.002", 5),
                        line("order-processor-0-proxy", "inbound", "10:00:00.001", 8),
                        line("gateway", "gateway", "10:00:00.001", 9))
                .sorted(AccessLogLine.OUTERMOST_FIRST)
                .toList();

        assertThat(lines)
                .extracting(AccessLogLine::direction)
                .containsExactly("gateway", "inbound", "outbound", "inbound");
    }

    @Test
    void line_halfWritten_isNone() {
        assertThat(AccessLogLine.parse("gateway", "{\"time\":\"2026-")).isEqualTo(Optional.empty());
    }

    @Test
    void valueThatIsNull_countsAsNoValue() {
        AccessLogLine read =
                AccessLogLine.parse("gateway", "{\"status\":201,\"path\":null}").orElseThrow();

        assertThat(read.field("status")).isEqualTo("201");
        assertThat(read.field("path")).isEmpty();
    }

    private static AccessLogLine line(String process, String direction, String time, int millis) {
        return AccessLogLine.parse(
                        process,
                        "{\"time\":\"2026-11-23T%sZ\",\"direction\":\"%s\",\"duration_ms\":%d}"
                                .formatted(time, direction, millis))
                .orElseThrow();
    }
}
