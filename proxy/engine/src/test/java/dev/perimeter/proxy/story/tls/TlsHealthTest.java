package dev.perimeter.proxy.story.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.cluster.health.HealthCheck;
import dev.perimeter.proxy.cluster.health.HealthCheck.Intervals;
import dev.perimeter.proxy.cluster.health.HealthChecking;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.tls.SanMatch;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks pass through what requests pass through. */
class TlsHealthTest {

    private static final Duration SELDOM = Duration.ofMinutes(1);

    /** Of clusters whose first check decides. */
    private static Config config(String san, RunningProxy back) {
        HealthCheck check = new HealthCheck(
                new HealthCheck.Http("", "/health", "GET", List.of(), List.of(), List.of(), false),
                Duration.ofSeconds(5),
                Intervals.every(SELDOM, SELDOM),
                1,
                1,
                true);
        return new Config()
                .transport(TlsTest.upstream("payment.shop", SanMatch.uri(san)))
                .health(new HealthChecking(check, null, false))
                .cluster("back", back.address())
                .route("/", "back")
                .http();
    }

    @Test
    void endpointThatSpeaksTls_isCheckedByTls_beforeItsConfigurationServes() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy back = TlsTest.back(web.address(), false);
                RunningProxy front = new RunningProxy(new Config())) {
            Config config = config(TlsTest.ID, back);
            front.dataPlane().warm(config.snapshot(), RunningProxy.PATIENCE).join();
            assertThat(web.received()).extracting(FakeUpstream.Received::target).containsExactly("/health");
            assertThat(back.logLines(1).getFirst()).contains("\"peer\":\"spiffe://shop/client\"");

            front.apply(config.snapshot());
            assertThat(front.get("/").body()).isEqualTo("web");
            assertThat(front.dataPlane().metrics().prometheus())
                    .contains("envoy_cluster_membership_healthy{envoy_cluster_name=\"back\"} 1");
        }
    }

    @Test
    void endpointOfAnotherName_failsItsCheck() {
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy back = TlsTest.back(web.address(), false);
                RunningProxy front = new RunningProxy(new Config())) {
            front.dataPlane()
                    .warm(config("spiffe://shop/somebody", back).snapshot(), RunningProxy.PATIENCE)
                    .join();
            assertThat(web.received()).isEmpty();
            assertThat(front.dataPlane().metrics().prometheus())
                    .contains("envoy_cluster_membership_healthy{envoy_cluster_name=\"back\"} 0");
        }
    }
}
