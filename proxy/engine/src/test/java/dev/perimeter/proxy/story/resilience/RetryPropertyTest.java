package dev.perimeter.proxy.story.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.observe.metric.ClusterMetric;
import dev.perimeter.proxy.retry.RetryOn;
import dev.perimeter.proxy.retry.RetryPolicy;
import dev.perimeter.proxy.route.Resilience;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.Policies;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever an upstream does: each client gets one answer, no POST is processed twice, and the numbers add up. */
class RetryPropertyTest {

    private static final int REQUESTS = 120;
    private static final Pattern ID = Pattern.compile("(?i)x-id: (\\d+)");
    private static final Pattern ATTEMPTS = Pattern.compile("\"attempts\":(\\d+)");

    private enum Fault {
        NONE,
        UNAVAILABLE,
        RESET_BEFORE_HEAD,
        RESET_AFTER_HEAD,
        SILENT,
        TRAILERS_ONLY
    }

    /** How often the application saw each request. */
    private final Map<String, AtomicInteger> seen = new ConcurrentHashMap<>();

    private static Fault fault(long seed, String id, int time) {
        Fault[] all = Fault.values();
        int drawn = new SplittableRandom(seed * 31 + id.hashCode() * 7919L + time).nextInt(all.length + 3);
        return drawn < all.length ? all[drawn] : Fault.NONE;
    }

    private void serve(RawUpstream.Connection connection, long seed) throws IOException {
        while (true) {
            String head = connection.readHead();
            if (head.startsWith("POST")) {
                connection.readTo("pay");
            }
            Matcher id = ID.matcher(head);
            assertThat(id.find()).isTrue();
            int time = seen.computeIfAbsent(head.substring(0, 4) + id.group(1), key -> new AtomicInteger())
                    .incrementAndGet();
            switch (fault(seed, id.group(1), time)) {
                case NONE -> connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                case UNAVAILABLE -> connection.send("HTTP/1.1 503 No\r\nContent-Length: 3\r\n\r\nbad");
                case TRAILERS_ONLY ->
                    connection.send("HTTP/1.1 200 OK\r\ngrpc-status: 14\r\nContent-Length: 0\r\n\r\n");
                case SILENT -> {
                    // Until the proxy gives up.
                    connection.socket().getInputStream().read();
                    return;
                }
                case RESET_AFTER_HEAD -> {
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
                    connection.reset();
                    return;
                }
                case RESET_BEFORE_HEAD -> {
                    connection.reset();
                    return;
                }
            }
        }
    }

    private static HttpRequest request(RunningProxy proxy, int number) {
        HttpRequest.Builder request = HttpRequest.newBuilder(proxy.uri("/"))
                .header("x-id", Integer.toString(number))
                .timeout(Duration.ofSeconds(20));
        return number % 2 == 0
                ? request.build()
                : request.POST(BodyPublishers.ofString("pay")).build();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void randomFaults_oneAnswerEach_noPostTwice_countersAddUp(long seed) throws Exception {
        RetryPolicy all = Policies.perTry(-1 & ~RetryOn.HEADERS, Duration.ofMillis(300));
        boolean hedge = seed % 2 == 0;
        try (RawUpstream upstream = RawUpstream.running(connection -> serve(connection, seed));
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("a", upstream.address(), RawUpstream.deadAddress())
                        .route(
                                "/",
                                "a",
                                new dev.perimeter.proxy.route.Timeouts(Duration.ofSeconds(3), Duration.ZERO),
                                Resilience.NONE.with(all, hedge))
                        .http())) {
            var answers = IntStream.range(0, REQUESTS)
                    .mapToObj(number -> proxy.client()
                            .sendAsync(request(proxy, number), HttpResponse.BodyHandlers.ofString())
                            .handle((answer, broken) -> broken == null ? answer.statusCode() : -1))
                    .toList();
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();

            assertThat(answers)
                    .allMatch(answer -> java.util.Set.of(200, 503, 504, -1).contains(answer.join()));
            assertThat(seen)
                    .allSatisfy((key, times) ->
                            assertThat(times.get()).as(key).isLessThanOrEqualTo(key.startsWith("POST") ? 1 : 5));
            Awaitility.await().until(() -> count(proxy, ClusterMetric.REQUESTS_ACTIVE) == 0);
            int received = seen.values().stream().mapToInt(AtomicInteger::get).sum();
            assertThat(received).isLessThanOrEqualTo((int) count(proxy, ClusterMetric.REQUESTS));
            int attempts = proxy.logLines(REQUESTS).stream()
                    .map(ATTEMPTS::matcher)
                    .filter(Matcher::find)
                    .mapToInt(found -> Integer.parseInt(found.group(1)))
                    .sum();
            assertThat((long) attempts)
                    .isEqualTo(count(proxy, ClusterMetric.REQUESTS) + count(proxy, ClusterMetric.CONNECT_FAIL));
            assertThat(proxy.logLines(REQUESTS)).hasSize(REQUESTS);
        }
    }

    private static long count(RunningProxy proxy, ClusterMetric metric) {
        return proxy.dataPlane().metrics().cluster("a").total(metric);
    }
}
