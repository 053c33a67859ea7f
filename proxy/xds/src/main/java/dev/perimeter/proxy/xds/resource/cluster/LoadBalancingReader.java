package dev.perimeter.proxy.xds.resource.cluster;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.balance.BalancerKind;
import dev.perimeter.proxy.cluster.LoadBalancing;
import dev.perimeter.proxy.cluster.LoadBalancing.Localities;
import dev.perimeter.proxy.cluster.LoadBalancing.LocalityWeighted;
import dev.perimeter.proxy.cluster.LoadBalancing.ZoneAware;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.CommonLbConfig;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.CommonLbConfig.ConsistentHashingLbConfig;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.CommonLbConfig.LocalityWeightedLbConfig;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.CommonLbConfig.ZoneAwareLbConfig;
import io.envoyproxy.envoy.type.v3.Percent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How a cluster chooses: its policy, from {@code lb_policy} or {@code load_balancing_policy}, and what is common to all. */
public final class LoadBalancingReader {

    static final FieldList PERCENT = FieldList.of(Percent::getDescriptor).honoured(Percent.VALUE_FIELD_NUMBER);

    private static final FieldList ZONE_AWARE = FieldList.of(ZoneAwareLbConfig::getDescriptor)
            .inside(ZoneAwareLbConfig.ROUTING_ENABLED_FIELD_NUMBER, PERCENT)
            .honoured(
                    ZoneAwareLbConfig.MIN_CLUSTER_SIZE_FIELD_NUMBER,
                    ZoneAwareLbConfig.FAIL_TRAFFIC_ON_PANIC_FIELD_NUMBER);

    public static final FieldList COMMON = FieldList.of(CommonLbConfig::getDescriptor)
            .inside(CommonLbConfig.HEALTHY_PANIC_THRESHOLD_FIELD_NUMBER, PERCENT)
            .inside(CommonLbConfig.ZONE_AWARE_LB_CONFIG_FIELD_NUMBER, ZONE_AWARE)
            .inside(
                    CommonLbConfig.LOCALITY_WEIGHTED_LB_CONFIG_FIELD_NUMBER,
                    FieldList.of(LocalityWeightedLbConfig::getDescriptor))
            .inside(
                    CommonLbConfig.CONSISTENT_HASHING_LB_CONFIG_FIELD_NUMBER,
                    FieldList.of(ConsistentHashingLbConfig::getDescriptor)
                            .honoured(ConsistentHashingLbConfig.USE_HOSTNAME_FOR_HASHING_FIELD_NUMBER))
            .honoured(CommonLbConfig.IGNORE_NEW_HOSTS_UNTIL_FIRST_HC_FIELD_NUMBER)
            // Changes that come together are taken in together here in any case.
            .harmless(CommonLbConfig.UPDATE_MERGE_WINDOW_FIELD_NUMBER);

    private final Map<String, BalancerKind> known = new TreeMap<>();

    /** @param balancers the policies of this process */
    public LoadBalancingReader(List<BalancerKind> balancers) {
        balancers.forEach(balancer -> known.put(balancer.name(), balancer));
    }

    public @Nullable LoadBalancing read(Cluster cluster, Place place) {
        CommonLbConfig common = cluster.getCommonLbConfig();
        Place here = place.in("common_lb_config");
        Localities localities = localities(common, here);
        BalancerKind policy;
        if (cluster.hasLoadBalancingPolicy()) {
            PolicyExtensionReader.Found found =
                    PolicyExtensionReader.read(cluster.getLoadBalancingPolicy(), place.in("load_balancing_policy"));
            if (found == null) {
                return null;
            }
            policy = found.policy();
            localities = found.localities() == null ? localities : found.localities();
        } else {
            policy = PolicyReader.read(cluster, known.get(cluster.getLbPolicy().name()), place);
            if (policy == null) {
                place.in("lb_policy")
                        .refuse(cluster.getLbPolicy() + " is not supported yet; known are " + known.keySet());
                return null;
            }
        }
        return new LoadBalancing(
                policy,
                common.hasHealthyPanicThreshold()
                        ? percent(common.getHealthyPanicThreshold(), here.in("healthy_panic_threshold"))
                        : LoadBalancing.PANIC_THRESHOLD,
                localities,
                SubsetReader.read(cluster.getLbSubsetConfig(), place.in("lb_subset_config")));
    }

    private static Localities localities(CommonLbConfig common, Place place) {
        if (common.hasLocalityWeightedLbConfig()) {
            return new LocalityWeighted();
        }
        ZoneAwareLbConfig zone = common.getZoneAwareLbConfig();
        return new ZoneAware(
                zone.hasRoutingEnabled()
                        ? percent(
                                zone.getRoutingEnabled(),
                                place.in("zone_aware_lb_config").in("routing_enabled"))
                        : ZoneAware.DEFAULTS.percent(),
                zone.hasMinClusterSize()
                        ? (int) Math.min(
                                Integer.MAX_VALUE, zone.getMinClusterSize().getValue())
                        : ZoneAware.DEFAULTS.minClusterSize(),
                zone.getFailTrafficOnPanic());
    }

    static double percent(Percent percent, Place place) {
        double value = percent.getValue();
        if (!(value >= 0 && value <= 100)) {
            place.refuse(value + " must be between 0 and 100");
            return 0;
        }
        return value;
    }
}
