package dev.perimeter.proxy.story.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.cluster.ClusterConfig.ConnectionLimits;
import dev.perimeter.proxy.cluster.RetryLimit;
import dev.perimeter.proxy.observe.metric.ClusterMetric;
import dev.perimeter.proxy.retry.RetryOn;
import dev.perimeter.proxy.route.Resilience;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.Policies;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A cluster in trouble gets no more than its operator lets it get. */
class RetryStormTest {

    private static final int REQUESTS = 100;

    private static RunningProxy proxy(RetryLimit limit, int retries, java.net.InetSocketAddress... endpoints) {
        return new RunningProxy(new Config()
                .limits(new ConnectionLimits(1024, 1024, 1024, limit, null, false))
                .cluster("a", endpoints)
                .route("/", "a", Resilience.retrying(Policies.times(retries, RetryOn.SERVER_ERROR)))
                .http());
    }

    private static long count(RunningProxy proxy, ClusterMetric metric) {
        return proxy.dataPlane().metrics().cluster("a").total(metric);
    }

    @Test
    void budget_boundsTheRetriesOfManyThatFailAtOnce() throws Exception {
        CountDownLatch all = new CountDownLatch(REQUESTS);
        CountDownLatch decided = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    while (true) {
                        String head = connection.readHead();
                        boolean retry = all.getCount() == 0;
                        all.countDown();
                        (retry ? decided : all).await();
                        connection.send("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
                    }
                });
                RunningProxy proxy = proxy(new RetryLimit.Budget(20, 0), 1, upstream.address())) {
            var answers = IntStream.range(0, REQUESTS)
                    .mapToObj(i -> proxy.client()
                            .sendAsync(
                                    HttpRequest.newBuilder(proxy.uri("/")).build(),
                                    HttpResponse.BodyHandlers.ofString()))
                    .toList();
            Awaitility.await()
                    .atMost(RunningProxy.PATIENCE)
                    .until(() ->
                            count(proxy, ClusterMetric.REQUESTS_RETRIED) + count(proxy, ClusterMetric.RETRY_OVERFLOW)
                                    == REQUESTS);
            decided.countDown();

            assertThat(answers).allMatch(answer -> answer.join().statusCode() == 503);
            // One more for each loop that may race for the last place.
            assertThat(count(proxy, ClusterMetric.REQUESTS_RETRIED)).isBetween(1L, 22L);
            assertThat(count(proxy, ClusterMetric.REQUESTS)).isLessThanOrEqualTo(REQUESTS + 22);
            assertThat(proxy.logLines(REQUESTS)).anyMatch(line -> line.contains("\"flags\":\"UO\""));
        }
    }

    @Test
    void deadCluster_withALimit_isNotTriedAllOver() throws Exception {
        try (RunningProxy proxy =
                proxy(new RetryLimit.Count(0), 3, RawUpstream.deadAddress(), RawUpstream.deadAddress())) {
            for (int i = 0; i < 10; i++) {
                assertThat(proxy.get("/").statusCode()).isEqualTo(503);
            }
            assertThat(count(proxy, ClusterMetric.CONNECT_FAIL)).isEqualTo(10);
        }
    }

    @Test
    void overflow_isSaidInTheAnswerAndNotRetried() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> connection.readHead());
                RunningProxy proxy = new RunningProxy(new Config()
                        .limits(new ConnectionLimits(1024, 1024, 0))
                        .cluster("a", upstream.address())
                        .route("/", "a", Resilience.retrying(Policies.on(-1)))
                        .http())) {
            HttpResponse<String> response = proxy.get("/");

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("x-envoy-overloaded")).hasValue("true");
            assertThat(proxy.logLines(1).getFirst()).contains("\"attempts\":1", "\"flags\":\"UO\"");
        }
    }
}
