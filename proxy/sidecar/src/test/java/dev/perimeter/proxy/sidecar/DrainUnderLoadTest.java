package dev.perimeter.proxy.sidecar;

import static dev.perimeter.proxy.testkit.xds.Resources.httpListener;
import static dev.perimeter.proxy.testkit.xds.Resources.routes;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.perimeter.controlplane.contract.TypeUrl;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A proxy that goes while its clients ask without a pause; they are told, and go to another. */
class DrainUnderLoadTest {

    private static final int CLIENTS = 8;

    private final FakeUpstream upstream = FakeUpstream.named("here");
    private final FakeControlPlane controlPlane = FakeControlPlane.start();
    private final EmbeddedProxy leaving = EmbeddedProxy.following(controlPlane.port());
    private final EmbeddedProxy staying = EmbeddedProxy.following(controlPlane.port());
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicBoolean enough = new AtomicBoolean();

    @AfterEach
    void stop() {
        enough.set(true);
        leaving.close();
        staying.close();
        controlPlane.close();
        upstream.close();
    }

    @Test
    void stop_underLoad_failsNoRequest() {
        controlPlane.publish(
                TypeUrl.CLUSTER, "c1", staticCluster("pay", upstream.address().getPort()));
        controlPlane.publish(TypeUrl.LISTENER, "l1", httpListener("in", 0, routes("in", "pay")));
        leaving.awaitReady();
        staying.awaitReady();
        InetSocketAddress first = leaving.listener("in");
        InetSocketAddress second = staying.listener("in");
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(CompletableFuture.runAsync(() -> ask(first, second), Thread.ofVirtual()::start));
        }
        await().until(() -> answered.get() > 200);
        CompletableFuture<Void> stopped =
                CompletableFuture.runAsync(leaving.running()::stop, Thread.ofPlatform()::start);
        await().until(stopped::isDone);
        int then = answered.get();
        await().until(() -> answered.get() > then + 200);
        enough.set(true);
        clients.forEach(CompletableFuture::join);
        assertThat(failures).isEmpty();
        assertThat(stopped).isCompleted();
    }

    /** As a load balancer does it: to whom is ready, over one connection as long as it lasts. */
    private void ask(InetSocketAddress first, InetSocketAddress second) {
        while (!enough.get()) {
            InetSocketAddress to = leaving.running().notReady() == null ? first : second;
            try (RawClient client = new RawClient(to)) {
                boolean last = false;
                while (!last && !enough.get()) {
                    String reply =
                            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readTo("here");
                    last = reply.contains("onnection: close");
                    if (reply.startsWith("HTTP/1.1 200")) {
                        answered.incrementAndGet();
                    } else {
                        failures.add(reply);
                    }
                }
            } catch (IOException failed) {
                failures.add(to.equals(first) ? "leaving: " + failed : "staying: " + failed);
            }
        }
    }
}
