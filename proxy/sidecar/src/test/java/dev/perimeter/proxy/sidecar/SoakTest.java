package dev.perimeter.proxy.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Traffic of every kind through one proxy while its configuration changes every second and endpoints die: nothing fails,
 * and nothing grows. Some seconds in the default build, ten minutes with {@code mvn verify -Psoak}.
 */
class SoakTest {

    private static final int SECONDS = Integer.getInteger("perimeter.soak.seconds", 8);

    /** A young heap is not told from a leak before it was collected a few times. */
    private static final long MOST_GROWTH = 24L << 20;

    @Test
    void mixedTraffic_underChange_neitherFailsNorGrows() throws Exception {
        try (SoakWorld world = new SoakWorld();
                EmbeddedProxy proxy = EmbeddedProxy.following(world.port()).awaitReady()) {
            long early = 0;
            try (SoakLoad load = new SoakLoad(proxy.listener("http"))) {
                load.start();
                for (int second = 0; second < SECONDS && load.failures().isEmpty(); second++) {
                    TimeUnit.SECONDS.sleep(1);
                    world.tick();
                    if (second == SECONDS / 3) {
                        early = used();
                    }
                }
                assertThat(load.failures()).isEmpty();
                long late = used();
                assertThat(late - early)
                        .as("bytes more than at a third of the time")
                        .isLessThan(MOST_GROWTH);
                load.done().forEach((what, count) -> {
                    System.out.println("soak: " + count + " × " + what);
                    assertThat(count.sum()).as(what).isPositive();
                });
            }
        }
    }

    private static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
