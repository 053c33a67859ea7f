package dev.perimeter.proxy.cluster.health;

import java.time.Duration;

/**
 * When an endpoint is left out because of what it answers (Envoy: cluster.v3.OutlierDetection; each field is Envoy's of
 * the same name). Enforcing numbers are percents: how often finding an outlier leads to its ejection.
 *
 * @param interval between two looks at rates, and at ejections that may be over
 * @param baseEjectionTime times the number of ejections in a row is how long one lasts
 * @param maxEjectionTime and no longer than that
 * @param maxEjectionTimeJitter up to so much is added by chance
 * @param maxEjectionPercent of the endpoints that may be out at once
 * @param alwaysEjectOne whether one may be out whatever that percentage says
 * @param splitLocalErrors whether failures without an answer are counted apart from bad answers
 * @param unejectWhenChecked whether an active check that succeeds ends an ejection
 */
public record OutlierDetection(
        Duration interval,
        Duration baseEjectionTime,
        Duration maxEjectionTime,
        Duration maxEjectionTimeJitter,
        int maxEjectionPercent,
        boolean alwaysEjectOne,
        boolean splitLocalErrors,
        boolean unejectWhenChecked,
        Consecutive consecutive,
        SuccessRate successRate,
        FailurePercentage failurePercentage) {

    public static final OutlierDetection DEFAULTS = new OutlierDetection(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(300),
            Duration.ZERO,
            10,
            false,
            false,
            true,
            Consecutive.DEFAULTS,
            SuccessRate.DEFAULTS,
            FailurePercentage.DEFAULTS);

    public OutlierDetection with(Consecutive rules) {
        return new OutlierDetection(
                interval,
                baseEjectionTime,
                maxEjectionTime,
                maxEjectionTimeJitter,
                maxEjectionPercent,
                alwaysEjectOne,
                splitLocalErrors,
                unejectWhenChecked,
                rules,
                successRate,
                failurePercentage);
    }

    /** Failures in a row. Gateway failures are 502, 503 and 504; they are among the 5xx. */
    public record Consecutive(
            int server, int enforcingServer, int gateway, int enforcingGateway, int local, int enforcingLocal) {

        public static final Consecutive DEFAULTS = new Consecutive(5, 100, 5, 0, 5, 100);
    }

    /**
     * Endpoints whose rate of success is far below that of the others.
     *
     * @param minimumHosts with enough requests for there to be a rate
     * @param requestVolume what is enough, within an interval
     * @param stdevFactor in thousandths: how many standard deviations below the mean is far
     */
    public record SuccessRate(int minimumHosts, int requestVolume, int stdevFactor, int enforcing, int enforcingLocal) {

        public static final SuccessRate DEFAULTS = new SuccessRate(5, 100, 1900, 100, 100);
    }

    /** Endpoints that fail so many percent of their requests. */
    public record FailurePercentage(
            int threshold, int minimumHosts, int requestVolume, int enforcing, int enforcingLocal) {

        public static final FailurePercentage DEFAULTS = new FailurePercentage(85, 5, 50, 0, 0);
    }
}
