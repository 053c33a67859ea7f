package dev.perimeter.proxy.xds.resource.cluster;

import com.google.protobuf.Any;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.balance.BalancerKind;
import dev.perimeter.proxy.balance.LeastRequest;
import dev.perimeter.proxy.balance.Maglev;
import dev.perimeter.proxy.balance.RandomChoice;
import dev.perimeter.proxy.balance.RingHash;
import dev.perimeter.proxy.balance.RoundRobin;
import dev.perimeter.proxy.balance.SlowStart;
import dev.perimeter.proxy.balance.hash.HashFunction;
import dev.perimeter.proxy.cluster.LoadBalancing.Localities;
import dev.perimeter.proxy.cluster.LoadBalancing.LocalityWeighted;
import dev.perimeter.proxy.cluster.LoadBalancing.ZoneAware;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Messages;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.cluster.v3.LoadBalancingPolicy;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.load_balancing_policies.common.v3.ConsistentHashingLbConfig;
import io.envoyproxy.envoy.extensions.load_balancing_policies.common.v3.LocalityLbConfig;
import io.envoyproxy.envoy.extensions.load_balancing_policies.common.v3.LocalityLbConfig.ZoneAwareLbConfig;
import io.envoyproxy.envoy.extensions.load_balancing_policies.common.v3.SlowStartConfig;
import io.envoyproxy.envoy.extensions.load_balancing_policies.random.v3.Random;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The policy of {@code load_balancing_policy}: the first of the list that is known here, as xDS has it (A client takes the
 * first it supports); with none known, the cluster is refused.
 */
public final class PolicyExtensionReader {

    /** @param localities null when the policy says nothing of them */
    record Found(BalancerKind policy, @Nullable Localities localities) {}

    private static final String PREFIX = "envoy.extensions.load_balancing_policies.";

    private static final FieldList POLICY = FieldList.of(LoadBalancingPolicy.Policy::getDescriptor)
            .inside(
                    LoadBalancingPolicy.Policy.TYPED_EXTENSION_CONFIG_FIELD_NUMBER,
                    FieldList.of(TypedExtensionConfig::getDescriptor)
                            .honoured(TypedExtensionConfig.TYPED_CONFIG_FIELD_NUMBER)
                            .harmless(TypedExtensionConfig.NAME_FIELD_NUMBER));

    public static final FieldList FIELDS =
            FieldList.of(LoadBalancingPolicy::getDescriptor).inside(LoadBalancingPolicy.POLICIES_FIELD_NUMBER, POLICY);

    private static final FieldList LOCALITY = FieldList.of(LocalityLbConfig::getDescriptor)
            .inside(
                    LocalityLbConfig.ZONE_AWARE_LB_CONFIG_FIELD_NUMBER,
                    FieldList.of(ZoneAwareLbConfig::getDescriptor)
                            .inside(ZoneAwareLbConfig.ROUTING_ENABLED_FIELD_NUMBER, LoadBalancingReader.PERCENT)
                            .honoured(
                                    ZoneAwareLbConfig.MIN_CLUSTER_SIZE_FIELD_NUMBER,
                                    ZoneAwareLbConfig.FAIL_TRAFFIC_ON_PANIC_FIELD_NUMBER))
            .inside(
                    LocalityLbConfig.LOCALITY_WEIGHTED_LB_CONFIG_FIELD_NUMBER,
                    FieldList.of(LocalityLbConfig.LocalityWeightedLbConfig::getDescriptor));

    private static final FieldList SLOW_START = FieldList.of(SlowStartConfig::getDescriptor)
            .honoured(SlowStartConfig.SLOW_START_WINDOW_FIELD_NUMBER)
            .inside(SlowStartConfig.AGGRESSION_FIELD_NUMBER, PolicyReader.RUNTIME_DOUBLE)
            .inside(SlowStartConfig.MIN_WEIGHT_PERCENT_FIELD_NUMBER, LoadBalancingReader.PERCENT);

    private static final FieldList CONSISTENT = FieldList.of(ConsistentHashingLbConfig::getDescriptor)
            .honoured(ConsistentHashingLbConfig.USE_HOSTNAME_FOR_HASHING_FIELD_NUMBER);

    static final FieldList ROUND_ROBIN = FieldList.of(
                    io.envoyproxy.envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin::getDescriptor)
            .inside(1, SLOW_START)
            .inside(2, LOCALITY);

    static final FieldList LEAST_REQUEST = FieldList.of(
                    io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest::getDescriptor)
            .honoured(1, 6)
            .inside(2, PolicyReader.RUNTIME_DOUBLE)
            .inside(3, SLOW_START)
            .inside(4, LOCALITY);

    static final FieldList RANDOM = FieldList.of(Random::getDescriptor).inside(1, LOCALITY);

    static final FieldList RING_HASH = FieldList.of(
                    io.envoyproxy.envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash::getDescriptor)
            .honoured(1, 2, 3)
            .inside(6, CONSISTENT)
            .inside(7, FieldList.of(LocalityLbConfig.LocalityWeightedLbConfig::getDescriptor));

    static final FieldList MAGLEV = FieldList.of(
                    io.envoyproxy.envoy.extensions.load_balancing_policies.maglev.v3.Maglev::getDescriptor)
            .honoured(1)
            .inside(2, CONSISTENT)
            .inside(3, FieldList.of(LocalityLbConfig.LocalityWeightedLbConfig::getDescriptor));

    private PolicyExtensionReader() {}

    /** The lists of the policies' own messages. */
    public static List<FieldList> lists() {
        return List.of(ROUND_ROBIN, LEAST_REQUEST, RANDOM, RING_HASH, MAGLEV);
    }

    /** What can be said of a policy: in its own field of the cluster, if it has one, and in {@code load_balancing_policy}. */
    public static List<FieldList> lists(BalancerKind policy) {
        return switch (policy) {
            case RoundRobin ignored -> List.of(PolicyReader.ROUND_ROBIN, ROUND_ROBIN);
            case LeastRequest ignored -> List.of(PolicyReader.LEAST_REQUEST, LEAST_REQUEST);
            case RandomChoice ignored -> List.of(RANDOM);
            case RingHash ignored -> List.of(PolicyReader.RING_HASH, RING_HASH);
            case Maglev ignored -> List.of(PolicyReader.MAGLEV, MAGLEV);
            default -> List.of();
        };
    }

    static @Nullable Found read(LoadBalancingPolicy policies, Place place) {
        for (int i = 0; i < policies.getPoliciesCount(); i++) {
            Any config = policies.getPolicies(i).getTypedExtensionConfig().getTypedConfig();
            Place here = place.in("policies", i).in("typed_extension_config").in("typed_config");
            String type = config.getTypeUrl();
            if (type.equals(Messages.typeUrl(PREFIX + "round_robin.v3.RoundRobin"))) {
                return roundRobin(config, here);
            } else if (type.equals(Messages.typeUrl(PREFIX + "least_request.v3.LeastRequest"))) {
                return leastRequest(config, here);
            } else if (type.equals(Messages.typeUrl(PREFIX + "random.v3.Random"))) {
                Random random = Messages.read(config, Random.parser(), RANDOM, here);
                return random == null
                        ? null
                        : new Found(
                                RandomChoice.DEFAULTS,
                                random.hasLocalityLbConfig() ? localities(random.getLocalityLbConfig(), here) : null);
            } else if (type.equals(Messages.typeUrl(PREFIX + "ring_hash.v3.RingHash"))) {
                return ringHash(config, here);
            } else if (type.equals(Messages.typeUrl(PREFIX + "maglev.v3.Maglev"))) {
                return maglev(config, here);
            }
        }
        place.in("policies").refuse("holds none of round_robin, least_request, random, ring_hash and maglev");
        return null;
    }

    private static @Nullable Found roundRobin(Any config, Place place) {
        var read = Messages.read(
                config,
                io.envoyproxy.envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin.parser(),
                ROUND_ROBIN,
                place);
        return read == null
                ? null
                : new Found(
                        new RoundRobin(slowStart(read.getSlowStartConfig(), place.in("slow_start_config"))),
                        read.hasLocalityLbConfig() ? localities(read.getLocalityLbConfig(), place) : null);
    }

    private static @Nullable Found leastRequest(Any config, Place place) {
        var read = Messages.read(
                config,
                io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest.parser(),
                LEAST_REQUEST,
                place);
        if (read == null) {
            return null;
        }
        LeastRequest policy = new LeastRequest(
                read.hasChoiceCount()
                        ? Amounts.between(2, Integer.MAX_VALUE, read.getChoiceCount(), place.in("choice_count"))
                        : LeastRequest.DEFAULTS.choices(),
                read.hasActiveRequestBias()
                        ? PolicyReader.bias(
                                read.getActiveRequestBias().getDefaultValue(), place.in("active_request_bias"))
                        : LeastRequest.DEFAULTS.activeRequestBias(),
                read.getSelectionMethodValue() == 1,
                slowStart(read.getSlowStartConfig(), place.in("slow_start_config")));
        return new Found(policy, read.hasLocalityLbConfig() ? localities(read.getLocalityLbConfig(), place) : null);
    }

    private static @Nullable Found ringHash(Any config, Place place) {
        var read = Messages.read(
                config,
                io.envoyproxy.envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash.parser(),
                RING_HASH,
                place);
        if (read == null) {
            return null;
        }
        RingHash policy = PolicyReader.ring(
                read.hasMinimumRingSize() ? read.getMinimumRingSize().getValue() : -1,
                read.hasMaximumRingSize() ? read.getMaximumRingSize().getValue() : -1,
                read.getHashFunctionValue() == 2 ? HashFunction.MURMUR_HASH_2 : HashFunction.XX_HASH,
                read.getConsistentHashingLbConfig().getUseHostnameForHashing(),
                place);
        return new Found(policy, read.hasLocalityWeightedLbConfig() ? new LocalityWeighted() : null);
    }

    private static @Nullable Found maglev(Any config, Place place) {
        var read = Messages.read(
                config,
                io.envoyproxy.envoy.extensions.load_balancing_policies.maglev.v3.Maglev.parser(),
                MAGLEV,
                place);
        if (read == null) {
            return null;
        }
        Maglev policy = PolicyReader.maglev(
                read.hasTableSize() ? read.getTableSize().getValue() : Maglev.DEFAULTS.tableSize(),
                read.getConsistentHashingLbConfig().getUseHostnameForHashing(),
                place.in("table_size"));
        return new Found(policy, read.hasLocalityWeightedLbConfig() ? new LocalityWeighted() : null);
    }

    private static Localities localities(LocalityLbConfig config, Place place) {
        if (config.hasLocalityWeightedLbConfig()) {
            return new LocalityWeighted();
        }
        ZoneAwareLbConfig zone = config.getZoneAwareLbConfig();
        Place here = place.in("locality_lb_config").in("zone_aware_lb_config");
        return new ZoneAware(
                zone.hasRoutingEnabled()
                        ? LoadBalancingReader.percent(zone.getRoutingEnabled(), here.in("routing_enabled"))
                        : ZoneAware.DEFAULTS.percent(),
                zone.hasMinClusterSize()
                        ? (int) Math.min(
                                Integer.MAX_VALUE, zone.getMinClusterSize().getValue())
                        : ZoneAware.DEFAULTS.minClusterSize(),
                zone.getFailTrafficOnPanic());
    }

    private static SlowStart slowStart(SlowStartConfig config, Place place) {
        if (!config.hasSlowStartWindow()) {
            return SlowStart.NONE;
        }
        return new SlowStart(
                Amounts.notNegative(config.getSlowStartWindow(), place.in("slow_start_window")),
                config.hasAggression()
                        ? PolicyReader.positive(config.getAggression().getDefaultValue(), place.in("aggression"))
                        : SlowStart.NONE.aggression(),
                config.hasMinWeightPercent()
                        ? LoadBalancingReader.percent(config.getMinWeightPercent(), place.in("min_weight_percent"))
                        : SlowStart.NONE.minWeightPercent());
    }
}
