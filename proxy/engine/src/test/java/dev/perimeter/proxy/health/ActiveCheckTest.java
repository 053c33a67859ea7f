package dev.perimeter.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.cluster.EndpointSet.Health;
import dev.perimeter.proxy.cluster.EndpointState.Mark;
import dev.perimeter.proxy.cluster.health.HealthCheck;
import dev.perimeter.proxy.cluster.health.HealthCheck.Intervals;
import dev.perimeter.proxy.cluster.health.HealthChecking;
import dev.perimeter.proxy.observe.metric.HealthMetric;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What follows from the answers to checks, and when the next one comes. Time is the test's. */
class ActiveCheckTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static HealthChecking checked(Intervals intervals) {
        return new HealthChecking(
                new HealthCheck(new HealthCheck.Tcp("", List.of()), SECOND, intervals, 3, 2, true), null, false);
    }

    private static final HealthChecking EVERY_SECOND = checked(Intervals.every(SECOND, SECOND));

    private final WatchedCluster cluster = new WatchedCluster();

    @Test
    void newEndpoint_isIllUntilItsFirstCheck_whichAloneDecides() {
        cluster.says.put(2, Finding.NETWORK_FAILURE);
        cluster.serve(
                checked(new Intervals(SECOND, SECOND, Duration.ZERO, 0, SECOND, SECOND, SECOND, SECOND, SECOND)), 1, 2);
        assertThat(cluster.isWell(1)).isFalse();

        cluster.time.pass(SECOND);
        assertThat(cluster.isWell(1)).isTrue();
        assertThat(cluster.isWell(2)).isFalse();
        assertThat(cluster.metric(HealthMetric.MEMBERSHIP_TOTAL)).isEqualTo(2);
        assertThat(cluster.metric(HealthMetric.MEMBERSHIP_HEALTHY)).isEqualTo(1);
    }

    @Test
    void failuresInARow_makeItIll_andSuccessesInARowWell() {
        cluster.serve(EVERY_SECOND, 1);
        cluster.says.put(1, Finding.TIMEOUT);
        cluster.time.pass(Duration.ofSeconds(2));
        assertThat(cluster.isWell(1)).as("after two failures").isTrue();
        cluster.time.pass(SECOND);
        assertThat(cluster.isWell(1)).as("after three").isFalse();
        assertThat(cluster.host(1).state().is(Mark.ACTIVE_HC_TIMEOUT)).isTrue();

        cluster.says.put(1, Finding.HEALTHY);
        cluster.time.pass(SECOND);
        assertThat(cluster.isWell(1)).as("after one success").isFalse();
        cluster.time.pass(SECOND);
        assertThat(cluster.isWell(1)).as("after two").isTrue();
        assertThat(cluster.metric(HealthMetric.CHECK_NETWORK_FAILURE)).isEqualTo(3);
        assertThat(cluster.metric(HealthMetric.CHECK_SUCCESS)).isEqualTo(3);
    }

    @Test
    void answerThatSaysIll_isBelievedAtOnce_andHalfWellIsDegraded() {
        cluster.serve(EVERY_SECOND, 1, 2);
        cluster.says.put(1, Finding.UNHEALTHY);
        cluster.says.put(2, Finding.DEGRADED);
        cluster.time.pass(SECOND);

        assertThat(cluster.isWell(1)).isFalse();
        assertThat(cluster.host(2).health()).isEqualTo(Health.DEGRADED);
        assertThat(cluster.metric(HealthMetric.MEMBERSHIP_DEGRADED)).isEqualTo(1);
    }

    @Test
    void clusterWithoutTraffic_isAskedSeldom() {
        cluster.serve(checked(Intervals.every(SECOND, Duration.ofMinutes(1))), 1);
        cluster.time.pass(Duration.ofSeconds(59));
        assertThat(cluster.asked.get(1)).isEqualTo(1);

        cluster.host(1).state().on(0).requestBegan();
        cluster.time.pass(Duration.ofSeconds(11));
        assertThat(cluster.asked.get(1)).isEqualTo(12);
    }

    @Test
    void configUpdate_keepsCheckersAndMarksOfEndpointsThatStay_andStopsTheOthers() {
        cluster.says.put(1, Finding.UNHEALTHY);
        cluster.serve(EVERY_SECOND, 1, 2);
        cluster.serve(EVERY_SECOND, 1, 3);

        assertThat(cluster.isWell(1)).isFalse();
        assertThat(cluster.asked).containsEntry(1, 1).containsEntry(3, 1);
        assertThat(cluster.closed).containsExactly(2);

        cluster.serve(HealthChecking.NONE, 1, 3);
        assertThat(cluster.isWell(1)).as("nobody says any more that it is ill").isTrue();
        cluster.time.pass(SECOND);
        assertThat(cluster.asked).containsEntry(1, 1);
    }

    @Test
    void otherCheck_leavesEndpointsThatServeAsTheyWere_untilItsFirstAnswer() {
        Intervals later = new Intervals(SECOND, SECOND, Duration.ZERO, 0, SECOND, SECOND, SECOND, SECOND, SECOND);
        cluster.says.put(2, Finding.UNHEALTHY);
        cluster.serve(EVERY_SECOND, 1, 2);
        cluster.serve(checked(later), 1, 2, 3);
        assertThat(cluster.isWell(1)).isTrue();
        assertThat(cluster.isWell(2)).isFalse();
        assertThat(cluster.isWell(3)).as("new").isFalse();

        cluster.says.put(1, Finding.UNHEALTHY);
        cluster.time.pass(SECOND);
        assertThat(cluster.isWell(1)).isFalse();
        assertThat(cluster.isWell(3)).isTrue();
    }
}
