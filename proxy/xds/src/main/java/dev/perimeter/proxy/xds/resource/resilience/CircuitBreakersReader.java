package dev.perimeter.proxy.xds.resource.resilience;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.cluster.ClusterConfig.ConnectionLimits;
import dev.perimeter.proxy.cluster.RetryLimit;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds.RetryBudget;
import io.envoyproxy.envoy.config.core.v3.RoutingPriority;

/** The circuit breakers of a cluster, a set for each priority. */
public final class CircuitBreakersReader {

    private static final double BUDGET_PERCENT = 20;
    private static final int MIN_RETRY_CONCURRENCY = 3;

    private static final FieldList BUDGET = FieldList.of(RetryBudget::getDescriptor)
            .honoured(RetryBudget.BUDGET_PERCENT_FIELD_NUMBER, RetryBudget.MIN_RETRY_CONCURRENCY_FIELD_NUMBER);

    private static final FieldList THRESHOLDS = FieldList.of(Thresholds::getDescriptor)
            .honoured(
                    Thresholds.PRIORITY_FIELD_NUMBER,
                    Thresholds.MAX_CONNECTIONS_FIELD_NUMBER,
                    Thresholds.MAX_PENDING_REQUESTS_FIELD_NUMBER,
                    Thresholds.MAX_REQUESTS_FIELD_NUMBER,
                    Thresholds.MAX_RETRIES_FIELD_NUMBER,
                    Thresholds.TRACK_REMAINING_FIELD_NUMBER)
            .inside(Thresholds.RETRY_BUDGET_FIELD_NUMBER, BUDGET);

    public static final FieldList FIELDS =
            FieldList.of(CircuitBreakers::getDescriptor).inside(CircuitBreakers.THRESHOLDS_FIELD_NUMBER, THRESHOLDS);

    private CircuitBreakersReader() {}

    public static ConnectionLimits read(CircuitBreakers breakers, Place place) {
        ConnectionLimits standard = null;
        ConnectionLimits high = null;
        for (int i = 0; i < breakers.getThresholdsCount(); i++) {
            Thresholds given = breakers.getThresholds(i);
            Place here = place.in("thresholds", i);
            boolean isHigh = given.getPriorityValue() == RoutingPriority.HIGH_VALUE;
            if (!isHigh && given.getPriorityValue() != RoutingPriority.DEFAULT_VALUE) {
                here.in("priority").refuse(given.getPriorityValue() + " is neither DEFAULT nor HIGH");
            }
            if ((isHigh ? high : standard) != null) {
                here.in("priority").refuse("there are thresholds for this priority before");
            }
            ConnectionLimits limits = limits(given, here);
            high = isHigh ? limits : high;
            standard = isHigh ? standard : limits;
        }
        ConnectionLimits lower = standard == null ? ConnectionLimits.DEFAULTS : standard;
        return new ConnectionLimits(
                lower.maxConnections(),
                lower.maxPendingRequests(),
                lower.maxRequests(),
                lower.retries(),
                high == null && standard != null ? ConnectionLimits.DEFAULTS : high,
                lower.trackRemaining());
    }

    private static ConnectionLimits limits(Thresholds given, Place place) {
        ConnectionLimits defaults = ConnectionLimits.DEFAULTS;
        return new ConnectionLimits(
                given.hasMaxConnections() ? Amounts.limit(given.getMaxConnections()) : defaults.maxConnections(),
                given.hasMaxPendingRequests()
                        ? Amounts.limit(given.getMaxPendingRequests())
                        : defaults.maxPendingRequests(),
                given.hasMaxRequests() ? Amounts.limit(given.getMaxRequests()) : defaults.maxRequests(),
                retries(given, place),
                null,
                given.getTrackRemaining());
    }

    private static RetryLimit retries(Thresholds given, Place place) {
        if (!given.hasRetryBudget()) {
            return given.hasMaxRetries()
                    ? new RetryLimit.Count(Amounts.limit(given.getMaxRetries()))
                    : RetryLimit.STANDARD;
        }
        RetryBudget budget = given.getRetryBudget();
        double percent = budget.hasBudgetPercent() ? budget.getBudgetPercent().getValue() : BUDGET_PERCENT;
        if (!(percent >= 0 && percent <= 100)) {
            place.in("retry_budget").in("budget_percent").refuse(percent + " must be between 0 and 100");
        }
        return new RetryLimit.Budget(
                percent,
                budget.hasMinRetryConcurrency()
                        ? Amounts.limit(budget.getMinRetryConcurrency())
                        : MIN_RETRY_CONCURRENCY);
    }
}
