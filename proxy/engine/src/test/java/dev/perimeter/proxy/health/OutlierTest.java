package dev.perimeter.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.cluster.EndpointState.Mark;
import dev.perimeter.proxy.cluster.health.EndpointOutcome.LocalFailure;
import dev.perimeter.proxy.cluster.health.HealthChecking;
import dev.perimeter.proxy.cluster.health.OutlierDetection;
import dev.perimeter.proxy.cluster.health.OutlierDetection.Consecutive;
import dev.perimeter.proxy.cluster.health.OutlierDetection.FailurePercentage;
import dev.perimeter.proxy.cluster.health.OutlierDetection.SuccessRate;
import dev.perimeter.proxy.observe.metric.HealthMetric;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who is ejected for what, for how long, and that no more are out than may be. Time is the test's. */
class OutlierTest {

    private final WatchedCluster cluster = new WatchedCluster();

    private static OutlierDetection rules(
            int maxPercent, boolean split, Consecutive consecutive, SuccessRate rate, FailurePercentage failures) {
        return new OutlierDetection(
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(70),
                Duration.ZERO,
                maxPercent,
                false,
                split,
                true,
                consecutive,
                rate,
                failures);
    }

    private static final OutlierDetection HALF =
            rules(50, false, Consecutive.DEFAULTS, SuccessRate.DEFAULTS, FailurePercentage.DEFAULTS);

    private void serve(OutlierDetection outliers, int... ports) {
        cluster.serve(new HealthChecking(null, outliers, false), ports);
    }

    private boolean isOut(int port) {
        return cluster.host(port).state().is(Mark.FAILED_OUTLIER_CHECK);
    }

    @Test
    void badAnswersInARow_eject_aGoodOneBetweenDoesNot() {
        serve(HALF, 1, 2);
        cluster.answers(1, 500, 4);
        cluster.answers(1, 200, 1);
        cluster.answers(1, 500, 4);
        assertThat(isOut(1)).isFalse();
        cluster.answers(1, 503, 1);
        assertThat(isOut(1)).isTrue();
        assertThat(cluster.isWell(1)).isFalse();
        assertThat(cluster.metric(HealthMetric.EJECTIONS_5XX)).isEqualTo(1);
        assertThat(cluster.metric(HealthMetric.EJECTIONS_ACTIVE)).isEqualTo(1);
    }

    @Test
    void ejection_lastsLongerEachTime_upToTheBound_andIsForgivenWhileAllIsWell() {
        serve(HALF, 1, 2);
        cluster.answers(1, 500, 5);
        cluster.time.pass(Duration.ofSeconds(29));
        assertThat(isOut(1)).isTrue();
        cluster.time.pass(Duration.ofSeconds(1));
        assertThat(isOut(1)).as("after 30 s").isFalse();

        cluster.answers(1, 500, 5);
        cluster.time.pass(Duration.ofSeconds(50));
        assertThat(isOut(1)).isTrue();
        cluster.time.pass(Duration.ofSeconds(10));
        assertThat(isOut(1)).as("after 60 s").isFalse();

        cluster.answers(1, 500, 5);
        cluster.time.pass(Duration.ofSeconds(70));
        assertThat(isOut(1)).as("after 70 s, not 90").isFalse();

        cluster.time.pass(Duration.ofSeconds(30));
        cluster.answers(1, 500, 5);
        cluster.time.pass(Duration.ofSeconds(30));
        assertThat(isOut(1))
                .as("three good intervals took three ejections back")
                .isFalse();
    }

    @Test
    void noMoreAreOutThanMayBe() {
        serve(HALF, 1, 2, 3);
        cluster.answers(1, 500, 5);
        cluster.answers(2, 500, 5);
        assertThat(isOut(1)).isTrue();
        assertThat(isOut(2)).isFalse();
        assertThat(cluster.metric(HealthMetric.EJECTIONS_OVERFLOW)).isEqualTo(1);
    }

    @Test
    void gatewayFailures_ejectOnlyWhereEnforced() {
        Consecutive gateway = new Consecutive(100, 100, 3, 100, 5, 100);
        serve(rules(50, false, gateway, SuccessRate.DEFAULTS, FailurePercentage.DEFAULTS), 1, 2);
        cluster.answers(1, 502, 2);
        cluster.answers(1, 500, 1);
        cluster.answers(1, 504, 2);
        assertThat(isOut(1)).isFalse();
        cluster.answers(1, 503, 1);
        assertThat(isOut(1)).isTrue();
    }

    @Test
    void missingAnswers_countAsBadOnes_orApartWhenSplit() {
        serve(HALF, 1, 2);
        for (int i = 0; i < 5; i++) {
            cluster.host(1).state().failed(0, LocalFailure.CONNECT_FAILED, 1);
        }
        assertThat(isOut(1)).isTrue();

        WatchedCluster split = new WatchedCluster();
        split.serve(
                new HealthChecking(
                        null,
                        rules(50, true, Consecutive.DEFAULTS, SuccessRate.DEFAULTS, FailurePercentage.DEFAULTS),
                        false),
                1,
                2);
        for (int i = 0; i < 5; i++) {
            split.answers(1, 500, 1);
            split.host(1).state().failed(0, LocalFailure.TIMEOUT, 1);
        }
        assertThat(split.metric(HealthMetric.EJECTIONS_LOCAL)).isZero();
        assertThat(split.metric(HealthMetric.EJECTIONS_5XX)).isEqualTo(1);
        for (int i = 0; i < 5; i++) {
            split.host(2).state().failed(0, LocalFailure.RESET, 1);
        }
        assertThat(split.metric(HealthMetric.EJECTIONS_OVERFLOW))
                .as("one of two is out already")
                .isEqualTo(1);
    }

    @Test
    void rateOfSuccessFarBelowTheOthers_ejects() {
        serve(HALF, 1, 2, 3, 4, 5, 6);
        for (int port = 1; port <= 6; port++) {
            for (int i = 0; i < 100; i++) {
                cluster.answers(port, port == 4 && i % 2 == 0 ? 500 : 200, 1);
            }
        }
        cluster.time.pass(Duration.ofSeconds(10));
        assertThat(isOut(4)).isTrue();
        assertThat(cluster.metric(HealthMetric.EJECTIONS_SUCCESS_RATE)).isEqualTo(1);
        assertThat(cluster.metric(HealthMetric.EJECTIONS)).isEqualTo(1);
    }

    @Test
    void failurePercentage_ejects_onlyWithEnoughRequests() {
        FailurePercentage failures = new FailurePercentage(40, 2, 50, 100, 0);
        serve(rules(50, false, Consecutive.DEFAULTS, new SuccessRate(5, 100, 1900, 0, 0), failures), 1, 2, 3);
        for (int i = 0; i < 49; i++) {
            cluster.answers(1, i % 2 == 0 ? 500 : 200, 1);
        }
        cluster.answers(2, 200, 60);
        cluster.answers(3, 200, 60);
        cluster.time.pass(Duration.ofSeconds(10));
        assertThat(isOut(1)).as("49 requests").isFalse();

        for (int i = 0; i < 50; i++) {
            cluster.answers(1, i % 2 == 0 ? 500 : 200, 1);
        }
        cluster.answers(2, 200, 60);
        cluster.time.pass(Duration.ofSeconds(10));
        assertThat(isOut(1)).as("50 requests").isTrue();
    }

    @Test
    void configUpdate_keepsTheEjected_andSwitchingOffBringsThemBack() {
        serve(HALF, 1, 2);
        cluster.answers(1, 500, 5);
        serve(HALF, 1, 2, 3);
        assertThat(isOut(1)).isTrue();
        cluster.serve(HealthChecking.NONE, 1, 2, 3);
        assertThat(isOut(1)).isFalse();
        assertThat(cluster.isWell(1)).isTrue();
    }
}
