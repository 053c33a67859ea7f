package dev.perimeter.proxy.sidecar.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.perimeter.proxy.sidecar.EmbeddedProxy;
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

    /** What a proxy may hold for connections that are open and silent. */
    private static final long MOST_AT_REST = 256 << 10;

    @Test
    void mixedTraffic_underChange_neitherFailsNorGrows() throws Exception {
        try (SoakWorld world = new SoakWorld();
                EmbeddedProxy proxy = EmbeddedProxy.following(world.port()).awaitReady()) {
            try (SoakClients clients = new SoakClients(
                            proxy.listener("http"), proxy.listener("https"), proxy.listener("tcp"), world.trust());
                    SoakLoad load = new SoakLoad()) {
                start(load, clients);
                long growth = soak(world, load);
                assertThat(load.failures()).isEmpty();
                assertThat(growth).as("bytes more than at a third of the time").isLessThan(MOST_GROWTH);
                System.out.println("soak: " + growth / 1024 + " KiB more of heap than at a third of " + SECONDS + " s");
                load.done().forEach((what, count) -> {
                    System.out.println("soak: " + count + " × " + what);
                    assertThat(count.sum()).as(what).isPositive();
                });
            }
            // Whatever was on its way is gone with those who asked for it.
            await().untilAsserted(
                            () -> assertThat(proxy.dataPlane().bufferedBytes()).isLessThan(MOST_AT_REST));
        }
    }

    private static void start(SoakLoad load, SoakClients clients) {
        load.run("GET", 4, clients::get);
        load.run("PUT", 2, clients::put);
        load.run("PUT in chunks", 1, clients::putInChunks);
        load.run("GET over TLS", 2, clients::secureHttp1);
        load.run("PUT over TLS by HTTP/2", 2, clients::secureHttp2);
        load.run("gRPC", 4, clients::unary);
        load.run("gRPC stream", 2, clients::stream);
        load.run("WebSocket", 2, clients::webSocket);
        load.run("TCP", 1, clients::bytes);
        load.run("slow reader", 1, clients::slowReader);
        load.run("slow writer", 1, clients::slowWriter);
    }

    /** Answers by how much the heap grew after a third of the time. */
    private static long soak(SoakWorld world, SoakLoad load) throws Exception {
        long early = 0;
        for (int second = 0; second < SECONDS && load.failures().isEmpty(); second++) {
            TimeUnit.SECONDS.sleep(1);
            world.tick();
            if (second == SECONDS / 3) {
                early = used();
            }
        }
        return used() - early;
    }

    private static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
