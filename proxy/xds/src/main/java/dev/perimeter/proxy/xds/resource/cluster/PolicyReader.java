package dev.perimeter.proxy.xds.resource.cluster;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.balance.BalancerKind;
import dev.perimeter.proxy.balance.LeastRequest;
import dev.perimeter.proxy.balance.Maglev;
import dev.perimeter.proxy.balance.RingHash;
import dev.perimeter.proxy.balance.RoundRobin;
import dev.perimeter.proxy.balance.SlowStart;
import dev.perimeter.proxy.balance.hash.HashFunction;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LeastRequestLbConfig;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.MaglevLbConfig;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.RingHashLbConfig;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.RoundRobinLbConfig;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.SlowStartConfig;
import io.envoyproxy.envoy.config.core.v3.RuntimeDouble;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** The policy of {@code lb_policy} with the settings that stand beside it. A setting of another policy has no effect. */
public final class PolicyReader {

    static final FieldList RUNTIME_DOUBLE = FieldList.of(RuntimeDouble::getDescriptor)
            .honoured(RuntimeDouble.DEFAULT_VALUE_FIELD_NUMBER)
            .harmless(RuntimeDouble.RUNTIME_KEY_FIELD_NUMBER);

    private static final FieldList SLOW_START = FieldList.of(SlowStartConfig::getDescriptor)
            .honoured(SlowStartConfig.SLOW_START_WINDOW_FIELD_NUMBER)
            .inside(SlowStartConfig.AGGRESSION_FIELD_NUMBER, RUNTIME_DOUBLE)
            .inside(SlowStartConfig.MIN_WEIGHT_PERCENT_FIELD_NUMBER, LoadBalancingReader.PERCENT);

    public static final FieldList ROUND_ROBIN = FieldList.of(RoundRobinLbConfig::getDescriptor)
            .inside(RoundRobinLbConfig.SLOW_START_CONFIG_FIELD_NUMBER, SLOW_START);

    public static final FieldList LEAST_REQUEST = FieldList.of(LeastRequestLbConfig::getDescriptor)
            .honoured(LeastRequestLbConfig.CHOICE_COUNT_FIELD_NUMBER)
            .inside(LeastRequestLbConfig.ACTIVE_REQUEST_BIAS_FIELD_NUMBER, RUNTIME_DOUBLE)
            .inside(LeastRequestLbConfig.SLOW_START_CONFIG_FIELD_NUMBER, SLOW_START);

    public static final FieldList RING_HASH = FieldList.of(RingHashLbConfig::getDescriptor)
            .honoured(
                    RingHashLbConfig.MINIMUM_RING_SIZE_FIELD_NUMBER,
                    RingHashLbConfig.MAXIMUM_RING_SIZE_FIELD_NUMBER,
                    RingHashLbConfig.HASH_FUNCTION_FIELD_NUMBER);

    public static final FieldList MAGLEV =
            FieldList.of(MaglevLbConfig::getDescriptor).honoured(MaglevLbConfig.TABLE_SIZE_FIELD_NUMBER);

    private PolicyReader() {}

    /** @param standard the policy as this process knows it, or null */
    static @Nullable BalancerKind read(Cluster cluster, @Nullable BalancerKind standard, Place place) {
        boolean byHostname =
                cluster.getCommonLbConfig().getConsistentHashingLbConfig().getUseHostnameForHashing();
        return switch (standard) {
            case null -> null;
            case RoundRobin ignored ->
                new RoundRobin(slowStart(
                        cluster.getRoundRobinLbConfig().getSlowStartConfig(),
                        place.in("round_robin_lb_config").in("slow_start_config")));
            case LeastRequest ignored ->
                leastRequest(cluster.getLeastRequestLbConfig(), place.in("least_request_lb_config"));
            case RingHash ignored ->
                ringHash(cluster.getRingHashLbConfig(), byHostname, place.in("ring_hash_lb_config"));
            case Maglev ignored ->
                maglev(
                        cluster.getMaglevLbConfig().hasTableSize()
                                ? cluster.getMaglevLbConfig().getTableSize().getValue()
                                : Maglev.DEFAULTS.tableSize(),
                        byHostname,
                        place.in("maglev_lb_config").in("table_size"));
            default -> standard;
        };
    }

    private static SlowStart slowStart(SlowStartConfig config, Place place) {
        if (!config.hasSlowStartWindow()) {
            return SlowStart.NONE;
        }
        return new SlowStart(
                Amounts.notNegative(config.getSlowStartWindow(), place.in("slow_start_window")),
                config.hasAggression()
                        ? positive(config.getAggression().getDefaultValue(), place.in("aggression"))
                        : SlowStart.NONE.aggression(),
                config.hasMinWeightPercent()
                        ? LoadBalancingReader.percent(config.getMinWeightPercent(), place.in("min_weight_percent"))
                        : SlowStart.NONE.minWeightPercent());
    }

    static double positive(double value, Place place) {
        if (!(value > 0)) {
            place.refuse(value + " must be more than 0");
            return 1;
        }
        return value;
    }

    private static LeastRequest leastRequest(LeastRequestLbConfig config, Place place) {
        return new LeastRequest(
                config.hasChoiceCount()
                        ? Amounts.between(2, Integer.MAX_VALUE, config.getChoiceCount(), place.in("choice_count"))
                        : LeastRequest.DEFAULTS.choices(),
                config.hasActiveRequestBias()
                        ? bias(config.getActiveRequestBias().getDefaultValue(), place.in("active_request_bias"))
                        : LeastRequest.DEFAULTS.activeRequestBias(),
                false,
                slowStart(config.getSlowStartConfig(), place.in("slow_start_config")));
    }

    static double bias(double value, Place place) {
        if (!(value >= 0)) {
            place.refuse(value + " must not be negative");
            return 0;
        }
        return value;
    }

    private static RingHash ringHash(RingHashLbConfig config, boolean byHostname, Place place) {
        HashFunction function = switch (config.getHashFunction()) {
            case XX_HASH -> HashFunction.XX_HASH;
            case MURMUR_HASH_2 -> HashFunction.MURMUR_HASH_2;
            case UNRECOGNIZED -> {
                place.in("hash_function").refuse("is neither XX_HASH nor MURMUR_HASH_2");
                yield HashFunction.XX_HASH;
            }
        };
        return ring(
                config.hasMinimumRingSize() ? config.getMinimumRingSize().getValue() : -1,
                config.hasMaximumRingSize() ? config.getMaximumRingSize().getValue() : -1,
                function,
                byHostname,
                place);
    }

    /** @param minimum negative when it is not given, and so the other */
    static RingHash ring(long minimum, long maximum, HashFunction function, boolean byHostname, Place place) {
        int most = maximum < 0
                ? RingHash.DEFAULTS.maximumSize()
                : Amounts.between(1, RingHash.LARGEST, maximum, place.in("maximum_ring_size"));
        int least = minimum < 0
                ? Math.min(most, RingHash.DEFAULTS.minimumSize())
                : Amounts.between(1, RingHash.LARGEST, minimum, place.in("minimum_ring_size"));
        if (least > most) {
            place.in("minimum_ring_size").refuse(least + " must not be more than maximum_ring_size, " + most);
        }
        return new RingHash(least, most, function, byHostname);
    }

    static Maglev maglev(long tableSize, boolean byHostname, Place place) {
        int size = Amounts.between(2, Maglev.LARGEST, tableSize, place);
        if (!BigInteger.valueOf(size).isProbablePrime(40)) {
            place.refuse(size + " must be a prime number");
        }
        return new Maglev(size, byHostname);
    }
}
