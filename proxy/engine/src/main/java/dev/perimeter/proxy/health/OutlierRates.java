package dev.perimeter.proxy.health;

import dev.perimeter.proxy.cluster.EndpointLoad;
import dev.perimeter.proxy.cluster.EndpointState;
import dev.perimeter.proxy.cluster.health.OutlierDetection;
import dev.perimeter.proxy.cluster.health.OutlierDetection.FailurePercentage;
import dev.perimeter.proxy.cluster.health.OutlierDetection.SuccessRate;
import dev.perimeter.proxy.observe.metric.HealthMetric;
import java.util.ArrayList;
import java.util.List;

/** Which endpoints stand out among the others by what they answered within one interval. */
final class OutlierRates {

    /** @param before the numbers at the begin of the interval */
    record Sample(EndpointState state, EndpointLoad before, EndpointLoad now) {

        private long successes() {
            return now.successes() - before.successes();
        }

        private long errors() {
            return now.errors() - before.errors();
        }

        private long local() {
            return now.localFailures() - before.localFailures();
        }
    }

    record Outlier(EndpointState state, HealthMetric reason, int enforcing) {}

    /** @param rate of success, in percent */
    private record Rate(EndpointState state, long requests, double rate) {}

    private OutlierRates() {}

    static List<Outlier> find(List<Sample> samples, OutlierDetection config) {
        List<Outlier> found = new ArrayList<>();
        SuccessRate success = config.successRate();
        FailurePercentage failure = config.failurePercentage();
        if (!config.splitLocalErrors()) {
            List<Rate> rates = rates(samples, false, false);
            low(rates, success, success.enforcing(), found);
            many(rates, failure, failure.enforcing(), found);
            return found;
        }
        List<Rate> answers = rates(samples, true, false);
        low(answers, success, success.enforcing(), found);
        many(answers, failure, failure.enforcing(), found);
        List<Rate> arrivals = rates(samples, true, true);
        low(arrivals, success, success.enforcingLocal(), found);
        many(arrivals, failure, failure.enforcingLocal(), found);
        return found;
    }

    /** @param local whether it is about getting an answer at all, instead of getting a good one */
    private static List<Rate> rates(List<Sample> samples, boolean split, boolean local) {
        List<Rate> rates = new ArrayList<>();
        for (Sample sample : samples) {
            long all = sample.successes() + sample.errors();
            long failures = !split ? sample.errors() : local ? sample.local() : sample.errors() - sample.local();
            long requests = split && !local ? all - sample.local() : all;
            if (requests > 0) {
                rates.add(new Rate(sample.state(), requests, 100.0 * (requests - failures) / requests));
            }
        }
        return rates;
    }

    private static void low(List<Rate> all, SuccessRate rules, int enforcing, List<Outlier> found) {
        List<Rate> rates = all.stream()
                .filter(rate -> rate.requests() >= rules.requestVolume())
                .toList();
        if (enforcing == 0 || rates.isEmpty() || rates.size() < rules.minimumHosts()) {
            return;
        }
        double mean = rates.stream().mapToDouble(Rate::rate).average().orElse(0);
        double variance = rates.stream()
                .mapToDouble(rate -> (rate.rate() - mean) * (rate.rate() - mean))
                .average()
                .orElse(0);
        double threshold = mean - rules.stdevFactor() / 1000.0 * Math.sqrt(variance);
        for (Rate rate : rates) {
            if (rate.rate() < threshold) {
                found.add(new Outlier(rate.state(), HealthMetric.EJECTIONS_SUCCESS_RATE, enforcing));
            }
        }
    }

    private static void many(List<Rate> all, FailurePercentage rules, int enforcing, List<Outlier> found) {
        List<Rate> rates = all.stream()
                .filter(rate -> rate.requests() >= rules.requestVolume())
                .toList();
        if (enforcing == 0 || rates.size() < rules.minimumHosts()) {
            return;
        }
        for (Rate rate : rates) {
            if (100 - rate.rate() >= rules.threshold()) {
                found.add(new Outlier(rate.state(), HealthMetric.EJECTIONS_FAILURE_PERCENTAGE, enforcing));
            }
        }
    }
}
