package dev.perimeter.proxy.xds.resource.cluster;

import com.google.protobuf.UInt32Value;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.cluster.health.OutlierDetection.Consecutive;
import dev.perimeter.proxy.cluster.health.OutlierDetection.FailurePercentage;
import dev.perimeter.proxy.cluster.health.OutlierDetection.SuccessRate;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.cluster.v3.OutlierDetection;
import java.time.Duration;

/** Outlier detection; what is left out has Envoy's default. */
public final class OutlierReader {

    public static final FieldList FIELDS = FieldList.of(OutlierDetection::getDescriptor)
            .honoured(
                    OutlierDetection.CONSECUTIVE_5XX_FIELD_NUMBER,
                    OutlierDetection.INTERVAL_FIELD_NUMBER,
                    OutlierDetection.BASE_EJECTION_TIME_FIELD_NUMBER,
                    OutlierDetection.MAX_EJECTION_PERCENT_FIELD_NUMBER,
                    OutlierDetection.ENFORCING_CONSECUTIVE_5XX_FIELD_NUMBER,
                    OutlierDetection.ENFORCING_SUCCESS_RATE_FIELD_NUMBER,
                    OutlierDetection.SUCCESS_RATE_MINIMUM_HOSTS_FIELD_NUMBER,
                    OutlierDetection.SUCCESS_RATE_REQUEST_VOLUME_FIELD_NUMBER,
                    OutlierDetection.SUCCESS_RATE_STDEV_FACTOR_FIELD_NUMBER,
                    OutlierDetection.CONSECUTIVE_GATEWAY_FAILURE_FIELD_NUMBER,
                    OutlierDetection.ENFORCING_CONSECUTIVE_GATEWAY_FAILURE_FIELD_NUMBER,
                    OutlierDetection.SPLIT_EXTERNAL_LOCAL_ORIGIN_ERRORS_FIELD_NUMBER,
                    OutlierDetection.CONSECUTIVE_LOCAL_ORIGIN_FAILURE_FIELD_NUMBER,
                    OutlierDetection.ENFORCING_CONSECUTIVE_LOCAL_ORIGIN_FAILURE_FIELD_NUMBER,
                    OutlierDetection.ENFORCING_LOCAL_ORIGIN_SUCCESS_RATE_FIELD_NUMBER,
                    OutlierDetection.FAILURE_PERCENTAGE_THRESHOLD_FIELD_NUMBER,
                    OutlierDetection.ENFORCING_FAILURE_PERCENTAGE_FIELD_NUMBER,
                    OutlierDetection.ENFORCING_FAILURE_PERCENTAGE_LOCAL_ORIGIN_FIELD_NUMBER,
                    OutlierDetection.FAILURE_PERCENTAGE_MINIMUM_HOSTS_FIELD_NUMBER,
                    OutlierDetection.FAILURE_PERCENTAGE_REQUEST_VOLUME_FIELD_NUMBER,
                    OutlierDetection.MAX_EJECTION_TIME_FIELD_NUMBER,
                    OutlierDetection.MAX_EJECTION_TIME_JITTER_FIELD_NUMBER,
                    OutlierDetection.SUCCESSFUL_ACTIVE_HEALTH_CHECK_UNEJECT_HOST_FIELD_NUMBER,
                    OutlierDetection.ALWAYS_EJECT_ONE_HOST_FIELD_NUMBER);

    private static final dev.perimeter.proxy.cluster.health.OutlierDetection DEFAULTS =
            dev.perimeter.proxy.cluster.health.OutlierDetection.DEFAULTS;

    private OutlierReader() {}

    public static dev.perimeter.proxy.cluster.health.OutlierDetection read(OutlierDetection config, Place place) {
        Duration base = config.hasBaseEjectionTime()
                ? Amounts.positive(config.getBaseEjectionTime(), place.in("base_ejection_time"))
                : DEFAULTS.baseEjectionTime();
        Duration longest = config.hasMaxEjectionTime()
                ? Amounts.positive(config.getMaxEjectionTime(), place.in("max_ejection_time"))
                : DEFAULTS.maxEjectionTime();
        return new dev.perimeter.proxy.cluster.health.OutlierDetection(
                config.hasInterval()
                        ? Amounts.positive(config.getInterval(), place.in("interval"))
                        : DEFAULTS.interval(),
                base,
                longest.compareTo(base) < 0 ? base : longest,
                config.hasMaxEjectionTimeJitter()
                        ? Amounts.notNegative(config.getMaxEjectionTimeJitter(), place.in("max_ejection_time_jitter"))
                        : Duration.ZERO,
                config.hasMaxEjectionPercent()
                        ? Amounts.between(0, 100, config.getMaxEjectionPercent(), place.in("max_ejection_percent"))
                        : DEFAULTS.maxEjectionPercent(),
                config.getAlwaysEjectOneHost().getValue(),
                config.getSplitExternalLocalOriginErrors(),
                !config.hasSuccessfulActiveHealthCheckUnejectHost()
                        || config.getSuccessfulActiveHealthCheckUnejectHost().getValue(),
                consecutive(config, place),
                successRate(config, place),
                failurePercentage(config, place));
    }

    private static Consecutive consecutive(OutlierDetection config, Place place) {
        return new Consecutive(
                config.hasConsecutive5Xx() ? count(config.getConsecutive5Xx(), place.in("consecutive_5xx")) : 5,
                config.hasEnforcingConsecutive5Xx()
                        ? percent(config.getEnforcingConsecutive5Xx(), place.in("enforcing_consecutive_5xx"))
                        : 100,
                config.hasConsecutiveGatewayFailure()
                        ? count(config.getConsecutiveGatewayFailure(), place.in("consecutive_gateway_failure"))
                        : 5,
                percent(
                        config.getEnforcingConsecutiveGatewayFailure(),
                        place.in("enforcing_consecutive_gateway_failure")),
                config.hasConsecutiveLocalOriginFailure()
                        ? count(config.getConsecutiveLocalOriginFailure(), place.in("consecutive_local_origin_failure"))
                        : 5,
                config.hasEnforcingConsecutiveLocalOriginFailure()
                        ? percent(
                                config.getEnforcingConsecutiveLocalOriginFailure(),
                                place.in("enforcing_consecutive_local_origin_failure"))
                        : 100);
    }

    private static SuccessRate successRate(OutlierDetection config, Place place) {
        SuccessRate defaults = SuccessRate.DEFAULTS;
        return new SuccessRate(
                config.hasSuccessRateMinimumHosts()
                        ? Amounts.limit(config.getSuccessRateMinimumHosts())
                        : defaults.minimumHosts(),
                config.hasSuccessRateRequestVolume()
                        ? Amounts.limit(config.getSuccessRateRequestVolume())
                        : defaults.requestVolume(),
                config.hasSuccessRateStdevFactor()
                        ? Amounts.limit(config.getSuccessRateStdevFactor())
                        : defaults.stdevFactor(),
                config.hasEnforcingSuccessRate()
                        ? percent(config.getEnforcingSuccessRate(), place.in("enforcing_success_rate"))
                        : defaults.enforcing(),
                config.hasEnforcingLocalOriginSuccessRate()
                        ? percent(
                                config.getEnforcingLocalOriginSuccessRate(),
                                place.in("enforcing_local_origin_success_rate"))
                        : defaults.enforcingLocal());
    }

    private static FailurePercentage failurePercentage(OutlierDetection config, Place place) {
        FailurePercentage defaults = FailurePercentage.DEFAULTS;
        return new FailurePercentage(
                config.hasFailurePercentageThreshold()
                        ? percent(config.getFailurePercentageThreshold(), place.in("failure_percentage_threshold"))
                        : defaults.threshold(),
                config.hasFailurePercentageMinimumHosts()
                        ? Amounts.limit(config.getFailurePercentageMinimumHosts())
                        : defaults.minimumHosts(),
                config.hasFailurePercentageRequestVolume()
                        ? Amounts.limit(config.getFailurePercentageRequestVolume())
                        : defaults.requestVolume(),
                percent(config.getEnforcingFailurePercentage(), place.in("enforcing_failure_percentage")),
                percent(
                        config.getEnforcingFailurePercentageLocalOrigin(),
                        place.in("enforcing_failure_percentage_local_origin")));
    }

    private static int count(UInt32Value value, Place place) {
        return Amounts.between(1, Integer.MAX_VALUE, value, place);
    }

    private static int percent(UInt32Value value, Place place) {
        return Amounts.between(0, 100, value, place);
    }
}
