package dev.perimeter.proxy.story.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.observe.metric.ClusterMetric;
import dev.perimeter.proxy.retry.RetryOn;
import dev.perimeter.proxy.route.Resilience;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.Policies;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A slow attempt gets another beside it, and the first good answer is the answer. */
class HedgeTest {

    private static final Resilience HEDGED =
            Resilience.NONE.with(Policies.perTry(RetryOn.SERVER_ERROR, Duration.ofMillis(50)), true);

    private static String answer(String status, String text) {
        return "HTTP/1.1 " + status + "\r\nContent-Length: " + text.length() + "\r\n\r\n" + text;
    }

    private static RunningProxy proxy(RawUpstream upstream) {
        return new RunningProxy(new Config()
                .cluster("a", upstream.address())
                .route("/", "a", HEDGED)
                .http());
    }

    private static long count(RunningProxy proxy, ClusterMetric metric) {
        return proxy.dataPlane().metrics().cluster("a").total(metric);
    }

    @Test
    void second_isFaster_winsAndTheFirstIsCancelled() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    String head = connection.readHead();
                    if (connection.number() == 1) {
                        assertThat(connection.socket().getInputStream().read()).isNegative();
                        cancelled.countDown();
                    } else {
                        connection.send(answer("200 OK", head.contains("x-envoy-hedged: true") ? "marked" : "plain"));
                    }
                });
                RunningProxy proxy = proxy(upstream)) {
            assertThat(proxy.get("/").body()).isEqualTo("marked");
            assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(proxy.logLines(1).getFirst()).contains("\"attempts\":2", "\"flags\":null");
            assertThat(count(proxy, ClusterMetric.REQUESTS_HEDGED)).isEqualTo(1);
            assertThat(count(proxy, ClusterMetric.REQUESTS)).isEqualTo(2);
            Awaitility.await().until(() -> count(proxy, ClusterMetric.REQUESTS_ACTIVE) == 0);
        }
    }

    @Test
    void first_comesAfterAll_winsAndTheSecondIsCancelled() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    if (connection.number() == 1) {
                        second.await();
                        connection.send(answer("200 OK", "first"));
                    } else {
                        second.countDown();
                        assertThat(connection.socket().getInputStream().read()).isNegative();
                        cancelled.countDown();
                    }
                });
                RunningProxy proxy = proxy(upstream)) {
            assertThat(proxy.get("/").body()).isEqualTo("first");
            assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void second_failsFirst_theFirstIsWaitedFor() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    if (connection.number() == 1) {
                        second.await();
                        connection.send(answer("200 OK", "first"));
                    } else {
                        connection.send(answer("503 No", "second"));
                        second.countDown();
                    }
                });
                RunningProxy proxy = proxy(upstream)) {
            HttpResponse<String> response = proxy.get("/");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("first");
        }
    }

    @Test
    void post_isSlow_goesOnAlone() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.readTo("pay");
                    slow.await();
                    connection.send(answer("200 OK", "paid"));
                });
                RunningProxy proxy = proxy(upstream)) {
            var paying = proxy.client()
                    .sendAsync(
                            HttpRequest.newBuilder(proxy.uri("/"))
                                    .POST(BodyPublishers.ofString("pay"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            Awaitility.await().until(() -> count(proxy, ClusterMetric.PER_TRY_TIMEOUT) == 1);
            slow.countDown();

            assertThat(paying.join().body()).isEqualTo("paid");
            assertThat(count(proxy, ClusterMetric.REQUESTS)).isEqualTo(1);
        }
    }
}
