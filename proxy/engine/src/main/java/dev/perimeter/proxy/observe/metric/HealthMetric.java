package dev.perimeter.proxy.observe.metric;

/** What is known of the endpoints of each cluster (Envoy: cluster statistics). Written by the health thread alone. */
public enum HealthMetric implements Metric {
    MEMBERSHIP_TOTAL("membership_total", "Endpoints.", true),
    MEMBERSHIP_HEALTHY("membership_healthy", "Endpoints that are well.", true),
    MEMBERSHIP_DEGRADED("membership_degraded", "Endpoints that say they are half well.", true),
    MEMBERSHIP_CHANGE("membership_change", "Changes of the set of endpoints.", false),
    PANIC("lb_healthy_panic", "Times so few endpoints were well that health was not believed any more.", false),
    CHECK_ATTEMPT("health_check_attempt", "Active checks.", false),
    CHECK_SUCCESS("health_check_success", "Active checks that went well.", false),
    CHECK_FAILURE("health_check_failure", "Active checks that failed, in whatever way.", false),
    CHECK_NETWORK_FAILURE("health_check_network_failure", "Active checks without an answer.", false),
    EJECTIONS_ACTIVE("outlier_detection_ejections_active", "Endpoints ejected now.", true),
    EJECTIONS("outlier_detection_ejections_enforced_total", "Ejections.", false),
    EJECTIONS_OVERFLOW("outlier_detection_ejections_overflow", "Ejections left out as too many are ejected.", false),
    EJECTIONS_5XX("outlier_detection_ejections_enforced_consecutive_5xx", "Ejections for bad answers in a row.", false),
    EJECTIONS_GATEWAY(
            "outlier_detection_ejections_enforced_consecutive_gateway_failure",
            "Ejections for gateway failures in a row.",
            false),
    EJECTIONS_LOCAL(
            "outlier_detection_ejections_enforced_consecutive_local_origin_failure",
            "Ejections for missing answers in a row.",
            false),
    EJECTIONS_SUCCESS_RATE(
            "outlier_detection_ejections_enforced_success_rate", "Ejections for a low rate of success.", false),
    EJECTIONS_FAILURE_PERCENTAGE(
            "outlier_detection_ejections_enforced_failure_percentage", "Ejections for many failures.", false);

    private final String metricName;
    private final String help;
    private final boolean gauge;

    HealthMetric(String metricName, String help, boolean gauge) {
        this.metricName = metricName;
        this.help = help;
        this.gauge = gauge;
    }

    @Override
    public String metricName() {
        return metricName;
    }

    @Override
    public String help() {
        return help;
    }

    @Override
    public boolean gauge() {
        return gauge;
    }
}
