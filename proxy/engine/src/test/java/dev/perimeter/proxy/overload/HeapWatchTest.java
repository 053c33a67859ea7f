package dev.perimeter.proxy.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.overload.OverloadConfig.Action;
import dev.perimeter.proxy.overload.OverloadConfig.Pressure;
import dev.perimeter.proxy.overload.OverloadConfig.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Who watches the memory must outlive its shortage. */
class HeapWatchTest {

    private static final long BOUND = 1L << 50;

    @Test
    void watcher_thatFindsNoMemoryForItself_looksAgain_andLoadIsTakenAgain() {
        Overload overload = new Overload(new OverloadConfig(
                Duration.ofMillis(1),
                BOUND,
                0,
                Map.of(),
                List.of(new Trigger(Action.STOP_ACCEPTING_REQUESTS, Pressure.HEAP, 0.9, 0.9))));
        SplittableRandom random = new SplittableRandom(1);
        AtomicLong buffered = new AtomicLong(BOUND);
        AtomicInteger failures = new AtomicInteger();
        try (HeapWatch watch = HeapWatch.start(
                overload,
                () -> {
                    long bytes = buffered.get();
                    if (bytes < 0) {
                        failures.incrementAndGet();
                        throw new OutOfMemoryError("as it may come anywhere");
                    }
                    return bytes;
                },
                accepting -> {},
                force -> {})) {
            Awaitility.await().until(() -> overload.refusesRequest(random));
            buffered.set(-1);
            Awaitility.await().until(() -> failures.get() > 3);
            assertThat(overload.refusesRequest(random)).isTrue();

            buffered.set(0);
            Awaitility.await().until(() -> !overload.refusesRequest(random));
            assertThat(watch).isNotNull();
        }
    }
}
