package dev.perimeter.proxy.sidecar.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.sidecar.EmbeddedProxy;
import dev.perimeter.proxy.testkit.ExpectedWarnings;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * For any interleaving of updates, removals, disconnects and bad resources every request is served by one consistent
 * configuration, and none fails because of a change. Some hundred interleavings by default, by each variant of the protocol
 * in turn; {@code -Dmodel.seeds=N} runs N times {@code -Dmodel.steps=M}, and {@code -Dmodel.first=S} begins with seed S.
 */
@ExpectedWarnings({
    "AdsClient - refused version v\\d+ of clusters: ",
    "AdsClient - no control plane at 127.0.0.1:",
    // Over streams of their own a listener may come before the cluster that it names; heal() sends it again.
    "AdsClient - refused version v\\d+ of listeners: listener `bystander-\\d`: \\S+ there is no cluster `bystander-\\d`"
})
class ConfigModelTest {

    private static final int CLIENTS = 4;

    static LongStream seeds() {
        long first = Long.getLong("model.first", 1);
        return LongStream.range(first, first + Long.getLong("model.seeds", 4));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anyInterleaving_servesEachRequestByOneConfiguration_andFailsNone(long seed) throws Exception {
        FakeControlPlane controlPlane = FakeControlPlane.start();
        Variant variant = Variant.of(seed);
        ConfigModel model = new ConfigModel(seed, variant, controlPlane);
        ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger latest = new AtomicInteger();
        List<Thread> clients = new ArrayList<>();
        try (EmbeddedProxy proxy =
                EmbeddedProxy.following(controlPlane.port(), variant.delta(), variant.root(), null)) {
            model.begin();
            proxy.awaitReady();
            proxy.listener("outbound");
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(Thread.ofVirtual().start(() -> {
                    while (!over.get() && wrong.isEmpty()) {
                        String why = wrong(proxy, latest);
                        if (why != null) {
                            wrong.add(why);
                        }
                        answered.incrementAndGet();
                    }
                }));
            }
            int steps = Integer.getInteger("model.steps", 50);
            for (int i = 0; i < steps && wrong.isEmpty(); i++) {
                model.step();
                int before = answered.get();
                int more = i % 3 == 0 ? 0 : CLIENTS;
                arrives(() -> answered.get() >= before + more, wrong, "step " + i + " was not followed by answers");
            }
            model.heal();
            arrives(() -> latest.get() == model.generation(), wrong, "the last generation did not come into effect");
            over.set(true);
            for (Thread client : clients) {
                client.join();
            }
        } finally {
            over.set(true);
            controlPlane.close();
            model.close();
        }
        assertThat(wrong)
                .as(
                        "seed %d, %s, %d answers; the steps were\n%s",
                        seed, variant, answered.get(), String.join("\n", model.steps()))
                .isEmpty();
    }

    private static void arrives(BooleanSupplier there, Queue<String> wrong, String orElse) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!there.getAsBoolean() && wrong.isEmpty()) {
            if (System.nanoTime() > deadline) {
                wrong.add(orElse);
            }
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    /** What is wrong with the answer to one request, or null. */
    private static String wrong(EmbeddedProxy proxy, AtomicInteger latest) {
        HttpResponse<String> response;
        try {
            response = proxy.get("outbound", "/");
        } catch (RuntimeException failed) {
            return "no answer: " + failed;
        }
        String route = response.headers().firstValue("x-generation").orElse("");
        String listener = response.headers().firstValue("server").orElse("");
        if (response.statusCode() != 200 || route.isEmpty()) {
            return response.statusCode() + " " + response.headers().map() + " " + response.body();
        }
        int generation = Integer.parseInt(route);
        boolean renamedLater = listener.startsWith("routes-") && Integer.parseInt(listener.substring(7)) > generation;
        if (!response.body().equals(String.valueOf(ConfigModel.upstream(generation))) || renamedLater) {
            return "mixed: listener " + listener + ", route " + route + ", upstream " + response.body();
        }
        latest.accumulateAndGet(generation, Math::max);
        return null;
    }
}
