package dev.perimeter.proxy.cluster.health;

import org.jspecify.annotations.Nullable;

/**
 * How it is found out which endpoints work, by asking them and by watching what they answer.
 *
 * @param check null when nobody is asked
 * @param outliers null when nobody is ejected
 * @param ignoreNewUntilChecked whether an endpoint counts for nothing until its first check has come back (Envoy:
 *     common_lb_config.ignore_new_hosts_until_first_hc)
 */
public record HealthChecking(
        @Nullable HealthCheck check, @Nullable OutlierDetection outliers, boolean ignoreNewUntilChecked) {

    public static final HealthChecking NONE = new HealthChecking(null, null, false);
}
