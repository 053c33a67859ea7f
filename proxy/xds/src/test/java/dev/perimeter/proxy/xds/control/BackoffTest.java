package dev.perimeter.proxy.xds.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private final Backoff backoff = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(5), new Random(1));

    @Test
    void waits_doubleUpToTheBound_andAreNeverShort() {
        for (long bound : new long[] {250, 500, 1000, 2000, 4000, 5000, 5000, 5000}) {
            assertThat(backoff.next()).isBetween(Duration.ofMillis(bound / 2), Duration.ofMillis(bound));
        }
    }

    @Test
    void waits_afterManyFailures_stayAtTheBound() {
        assertThat(Stream.generate(backoff::next).limit(1000).skip(10))
                .allMatch(wait ->
                        wait.compareTo(Duration.ofMillis(2500)) >= 0 && wait.compareTo(Duration.ofSeconds(5)) <= 0);
    }

    @Test
    void reset_beginsAnew() {
        backoff.next();
        backoff.next();
        backoff.reset();
        assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofMillis(250));
    }

    @Test
    void twoProxies_doNotWaitEquallyLong() {
        Backoff other = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(5), new Random(2));
        assertThat(Stream.generate(backoff::next).limit(5))
                .isNotEqualTo(Stream.generate(other::next).limit(5));
    }
}
