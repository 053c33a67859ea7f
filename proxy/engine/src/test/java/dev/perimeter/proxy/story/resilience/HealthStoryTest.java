package dev.perimeter.proxy.story.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.perimeter.proxy.balance.Maglev;
import dev.perimeter.proxy.cluster.LoadBalancing;
import dev.perimeter.proxy.cluster.health.HealthCheck;
import dev.perimeter.proxy.cluster.health.HealthCheck.Intervals;
import dev.perimeter.proxy.cluster.health.HealthCheck.Probe;
import dev.perimeter.proxy.cluster.health.HealthChecking;
import dev.perimeter.proxy.cluster.health.OutlierDetection;
import dev.perimeter.proxy.route.HashPolicy;
import dev.perimeter.proxy.route.HeaderEdit;
import dev.perimeter.proxy.route.RequestRewrite;
import dev.perimeter.proxy.route.Resilience;
import dev.perimeter.proxy.route.RouteAction;
import dev.perimeter.proxy.route.RouteAction.WeightedCluster;
import dev.perimeter.proxy.route.Timeouts;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.FakeUpstream.Answer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Endpoints that fall ill and get well again, as clients see it. */
class HealthStoryTest {

    private static final Duration SOON = Duration.ofMillis(20);

    private final AtomicInteger oneHealth = new AtomicInteger(200);
    private final AtomicInteger oneAnswers = new AtomicInteger(200);
    private final FakeUpstream one =
            FakeUpstream.answering(request -> request.target().equals("/health")
                    ? Answer.text(oneHealth.get(), "")
                    : Answer.text(oneAnswers.get(), "one"));
    private final FakeUpstream two = FakeUpstream.named("two");

    @AfterEach
    void stop() {
        one.close();
        two.close();
    }

    private static HealthChecking checking(Probe probe) {
        HealthCheck check = new HealthCheck(probe, Duration.ofSeconds(2), Intervals.every(SOON, SOON), 2, 1, true);
        return new HealthChecking(check, null, false);
    }

    private RunningProxy proxy(HealthChecking health) {
        return new RunningProxy(new Config()
                .health(health)
                .cluster("c", one.address(), two.address())
                .route("/", "c")
                .http());
    }

    private static Set<String> answers(RunningProxy proxy) throws Exception {
        Set<String> answers = new HashSet<>();
        for (int i = 0; i < 12; i++) {
            answers.add(proxy.get("/").body());
        }
        return answers;
    }

    @Test
    void endpointWhoseCheckFails_isLeftOut_untilItIsWellAgain() throws Exception {
        try (RunningProxy proxy =
                proxy(checking(new HealthCheck.Http("", "/health", "GET", List.of(), List.of(), List.of(), false)))) {
            await().atMost(RunningProxy.PATIENCE).until(() -> answers(proxy).equals(Set.of("one", "two")));

            oneHealth.set(503);
            await().atMost(RunningProxy.PATIENCE).until(() -> answers(proxy).equals(Set.of("two")));
            assertThat(proxy.dataPlane().metrics().prometheus())
                    .contains("envoy_cluster_membership_healthy{envoy_cluster_name=\"c\"} 1");

            oneHealth.set(200);
            await().atMost(RunningProxy.PATIENCE).until(() -> answers(proxy).equals(Set.of("one", "two")));
        }
    }

    @Test
    void check_saysWhoAsks_inTheHeadersOfTheConfig() throws Exception {
        List<HeaderEdit> headers = List.of(
                new HeaderEdit.Remove("accept-encoding"),
                new HeaderEdit.Set("user-agent", "ours", false),
                new HeaderEdit.Append("x-check", "100%", false));
        try (RunningProxy proxy =
                proxy(checking(new HealthCheck.Http("", "/health", "GET", List.of(), List.of(), headers, false)))) {
            await().atMost(RunningProxy.PATIENCE).until(() -> !one.received().isEmpty());
            assertThat(one.received().getFirst().headers())
                    .containsEntry("User-agent", List.of("ours"))
                    .containsEntry("X-check", List.of("100%"));
            assertThat(answers(proxy)).isNotEmpty();
        }
    }

    @Test
    void endpointThatIsNotThere_failsItsTcpCheck_andServesNobody() throws Exception {
        one.close();
        try (RunningProxy proxy = proxy(checking(new HealthCheck.Tcp("", List.of())))) {
            await().atMost(RunningProxy.PATIENCE)
                    .untilAsserted(() -> assertThat(proxy.dataPlane().metrics().prometheus())
                            .contains("envoy_cluster_membership_healthy{envoy_cluster_name=\"c\"} 1"));
            assertThat(answers(proxy)).containsExactly("two");
            assertThat(proxy.dataPlane().metrics().prometheus())
                    .contains("envoy_cluster_upstream_rq_retry{envoy_cluster_name=\"c\"} 0");
        }
    }

    @Test
    void endpointThatFailsItsRequests_isEjected_andComesBack() throws Exception {
        OutlierDetection rules = new OutlierDetection(
                Duration.ofMillis(50),
                Duration.ofMillis(600),
                Duration.ofMillis(600),
                Duration.ZERO,
                50,
                false,
                false,
                true,
                OutlierDetection.Consecutive.DEFAULTS,
                OutlierDetection.SuccessRate.DEFAULTS,
                OutlierDetection.FailurePercentage.DEFAULTS);
        try (RunningProxy proxy = proxy(new HealthChecking(null, rules, false))) {
            oneAnswers.set(500);
            await().atMost(RunningProxy.PATIENCE).until(() -> answers(proxy).equals(Set.of("two")));
            oneAnswers.set(200);
            await().atMost(RunningProxy.PATIENCE).until(() -> answers(proxy).equals(Set.of("one", "two")));
            assertThat(proxy.dataPlane().metrics().prometheus())
                    .contains("envoy_cluster_outlier_detection_ejections_active{envoy_cluster_name=\"c\"} 0");
        }
    }

    @Test
    void allIll_isPanic_andEverybodyServes() throws Exception {
        oneHealth.set(500);
        try (RunningProxy proxy = proxy(checking(new HealthCheck.Http(
                "", "/health", "GET", List.of(new HealthCheck.StatusRange(204, 205)), List.of(), List.of(), false)))) {
            await().atMost(RunningProxy.PATIENCE)
                    .untilAsserted(() -> assertThat(proxy.dataPlane().metrics().prometheus())
                            .contains("envoy_cluster_membership_healthy{envoy_cluster_name=\"c\"} 0")
                            .contains("envoy_cluster_lb_healthy_panic{envoy_cluster_name=\"c\"} 1"));
            assertThat(answers(proxy)).containsExactlyInAnyOrder("one", "two");
        }
    }

    @Test
    void snapshotThatIsWarmed_knowsItsEndpointsBeforeItServes() {
        oneHealth.set(503);
        Config config = new Config()
                .health(checking(new HealthCheck.Http("", "/health", "GET", List.of(), List.of(), List.of(), false)))
                .cluster("c", one.address(), two.address())
                .route("/", "c")
                .http();
        try (RunningProxy proxy = new RunningProxy(new Config())) {
            proxy.dataPlane().warm(config.snapshot(), RunningProxy.PATIENCE).join();
            assertThat(proxy.dataPlane().clusters()).isEmpty();
            assertThat(one.received()).isNotEmpty();
            assertThat(two.received()).isNotEmpty();
        }
    }

    @Test
    void cookieThatIsMade_bringsTheClientBackToItsEndpoint() throws Exception {
        RouteAction.Forward sticky = new RouteAction.Forward(
                List.of(new WeightedCluster("c", 1)),
                new Timeouts(Duration.ZERO, Duration.ZERO),
                RequestRewrite.NONE,
                Resilience.NONE,
                List.of(
                        new HashPolicy.Header("x-user", true),
                        new HashPolicy.Cookie("home", Duration.ofSeconds(60), "/", false)),
                false,
                503);
        try (RunningProxy proxy = new RunningProxy(new Config()
                .balancing(new LoadBalancing(Maglev.DEFAULTS))
                .cluster("c", one.address(), two.address())
                .action("/", sticky)
                .http())) {
            HttpResponse<String> first = proxy.get("/");
            String cookie = first.headers().firstValue("set-cookie").orElseThrow();
            assertThat(cookie).matches("home=\"[0-9a-f]+\"; Max-Age=60; Path=/; HttpOnly");
            String sent = cookie.substring(0, cookie.indexOf(';'));
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 10; i++) {
                HttpResponse<String> next =
                        proxy.send(HttpRequest.newBuilder(proxy.uri("/")).header("cookie", "a=b; " + sent));
                assertThat(next.headers().firstValue("set-cookie")).isEmpty();
                seen.add(next.body());
            }
            assertThat(seen).containsExactly(first.body());
            Set<String> users = new HashSet<>();
            for (int i = 0; i < 40; i++) {
                users.add(proxy.send(HttpRequest.newBuilder(proxy.uri("/")).header("x-user", "u" + i))
                        .body());
            }
            assertThat(users).hasSize(2);
        }
    }
}
