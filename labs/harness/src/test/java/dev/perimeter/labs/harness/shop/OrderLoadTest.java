package dev.perimeter.labs.harness.shop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.perimeter.labs.harness.shop.OrderLoad.Outcome;
import dev.perimeter.labs.harness.shop.OrderLoad.Request;
import dev.perimeter.labs.harness.site.LabHome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderLoadTest {
    @TempDir
    private Path folder;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentMap<String, AtomicInteger> arrivals = new ConcurrentHashMap<>();
    private final Phaser togetherFour = new Phaser(4);
    private HttpServer gateway;
    private Shop shop;

    @BeforeEach
    void gateway() throws IOException {
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.setExecutor(threads);
        gateway.createContext("/orders", exchange -> {
            String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean first =
                    arrivals.computeIfAbsent(key, any -> new AtomicInteger()).incrementAndGet() == 1;
            if (body.equals("together")) {
                togetherFour.arriveAndAwaitAdvance();
            }
            if (body.equals("silence") && first) {
                exchange.close();
                return;
            }
            int status = switch (body) {
                case "busy" -> first ? 503 : 201;
                case "no route" -> first ? 404 : 201;
                case "bad" -> 400;
                default -> 201;
            };
            byte[] answer = (status == 201
                            ? "{\"id\":\"1\",\"state\":\"PAID\"}"
                            : "{\"title\":\"No\",\"detail\":\"not like this\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("x-request-id", "id-of-" + key);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        gateway.start();
        shop = new Shop(URI.create("http://127.0.0.1:" + gateway.getAddress().getPort()));
    }

    @AfterEach
    void end() {
        gateway.stop(0);
        threads.close();
    }

    @Test
    void inFlight_isReachedAndEveryOrderIsAccountedFor() {
        List<Request> requests = IntStream.range(0, 20)
                .mapToObj(i -> new Request("k" + i, "together"))
                .toList();

        // Each batch of four must be there at once for any of them to be answered.
        List<Outcome> outcomes = new OrderLoad(shop, 4).place(requests, done -> {});

        assertThat(outcomes).hasSize(20).allMatch(outcome -> outcome.reply().paid());
        assertThat(arrivals)
                .hasSize(20)
                .allSatisfy((key, times) -> assertThat(times).hasValue(1));
    }

    @Test
    void noAnswer_isNotHiddenBehindASecondTry() {
        OrderReply reply = shop.place("k", "silence");

        assertThat(reply.answered()).isFalse();
        assertThat(arrivals.get("k")).hasValue(1);
    }

    @Test
    void refusal_saysWhyAndWhichRequestItWas() {
        OrderReply reply = shop.place("k", "bad");

        assertThat(reply).hasToString("400 (not like this)");
        assertThat(reply.requestId()).isEqualTo("id-of-k");
    }

    @Test
    void unanswered_waitUntilRepeatedWithTheSameKey_refusedOnesDoNot() {
        Unanswered unanswered = new Unanswered(new LabHome(folder));
        List<Request> requests = List.of(
                new Request("a", "fine"),
                new Request("b", "silence"),
                new Request("c", "busy"),
                new Request("d", "bad"),
                new Request("e", "no route"));
        OrderLoad load = new OrderLoad(shop, 1);

        unanswered.update(load.place(requests, done -> {}));
        assertThat(unanswered.read()).containsExactlyInAnyOrder(requests.get(1), requests.get(2), requests.get(4));

        unanswered.update(load.place(unanswered.read(), done -> {}));
        assertThat(unanswered.read()).isEmpty();
        assertThat(arrivals.get("b")).hasValue(2);
    }
}
