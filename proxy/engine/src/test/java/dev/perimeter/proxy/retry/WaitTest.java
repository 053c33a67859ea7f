package dev.perimeter.proxy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.retry.RateLimitedBackOff.ResetHeader;
import dev.perimeter.proxy.route.GrpcTimeout;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a retry waits, and how deadlines are written. */
class WaitTest {

    private final SplittableRandom random = new SplittableRandom(1);

    @ParameterizedTest
    @CsvSource({"1, 25", "2, 75", "3, 175", "4, 250", "40, 250", "1000, 250"})
    void wait_isARandomPartOfABoundThatDoubles(int retry, long boundMillis) {
        long[] waits = LongStream.generate(() -> BackOff.DEFAULT.delayNanos(retry, random))
                .limit(5_000)
                .toArray();

        assertThat(LongStream.of(waits)).allMatch(wait -> wait >= 0 && wait <= boundMillis * 1_000_000);
        assertThat(LongStream.of(waits).max().orElseThrow()).isGreaterThan(boundMillis * 990_000);
        assertThat(LongStream.of(waits).min().orElseThrow()).isLessThan(boundMillis * 10_000);
    }

    @ParameterizedTest
    @CsvSource({"2, false, 2000", "0, false, 0", "1003, true, 3000", "999, true, -1", "6, false, -1", "soon, false, -1"
    })
    void wish_isMetIfItCanBeReadAndIsNotTooLong(String value, boolean timestamp, long millis) {
        Headers answer = new Headers();
        answer.add("retry-after", value);
        long wait = new RateLimitedBackOff(List.of(new ResetHeader("retry-after", timestamp)), Duration.ofSeconds(5))
                .delayNanos(answer, 1_000_000, random);

        if (millis < 0) {
            assertThat(wait).isEqualTo(RateLimitedBackOff.NONE);
        } else {
            assertThat(wait).isBetween(millis * 1_000_000, millis * 1_500_000);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1H, 3600000000000",
        "2M, 120000000000",
        "3S, 3000000000",
        "100m, 100000000",
        "5u, 5000",
        "99999999n, 99999999",
        "100000000n, -1",
        "1, -1",
        "S, -1",
        "-1S, -1",
        "1x, -1"
    })
    void grpcTimeout_isReadOrNot(String text, long nanos) {
        Headers headers = new Headers();
        headers.add(GrpcTimeout.HEADER, text);
        assertThat(GrpcTimeout.read(headers)).isEqualTo(nanos);
    }

    @Test
    void grpcTimeout_isWrittenInAtMostEightDigits() {
        assertThat(GrpcTimeout.text(1)).isEqualTo("1m");
        assertThat(GrpcTimeout.text(1_500_000)).isEqualTo("2m");
        assertThat(GrpcTimeout.text(Duration.ofDays(2).toNanos())).isEqualTo("172800S");
    }
}
