package dev.perimeter.proxy.xds.resource.http;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.route.RequestRewrite;
import dev.perimeter.proxy.route.Resilience;
import dev.perimeter.proxy.route.RouteAction.Forward;
import dev.perimeter.proxy.route.RouteAction.WeightedCluster;
import dev.perimeter.proxy.route.Timeouts;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Names;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.UpgradeConfig;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Routes that forward a request to a cluster, or to one of several by weight. */
final class RouteActionReader {

    private static final long MOST_WEIGHT = 0xFFFF_FFFFL;

    /** Envoy's default for a route without a timeout. */
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private static final FieldList CLUSTER_WEIGHT = FieldList.of(ClusterWeight::getDescriptor)
            .honoured(ClusterWeight.NAME_FIELD_NUMBER, ClusterWeight.WEIGHT_FIELD_NUMBER);

    private static final FieldList WEIGHTED = FieldList.of(
                    io.envoyproxy.envoy.config.route.v3.WeightedCluster::getDescriptor)
            .inside(io.envoyproxy.envoy.config.route.v3.WeightedCluster.CLUSTERS_FIELD_NUMBER, CLUSTER_WEIGHT)
            .harmless(io.envoyproxy.envoy.config.route.v3.WeightedCluster.RUNTIME_KEY_PREFIX_FIELD_NUMBER);

    private static final FieldList UPGRADE = FieldList.of(UpgradeConfig::getDescriptor)
            .honoured(UpgradeConfig.UPGRADE_TYPE_FIELD_NUMBER, UpgradeConfig.ENABLED_FIELD_NUMBER)
            .inside(
                    UpgradeConfig.CONNECT_CONFIG_FIELD_NUMBER,
                    FieldList.of(UpgradeConfig.ConnectConfig::getDescriptor));

    static final FieldList FIELDS = FieldList.of(RouteAction::getDescriptor)
            .honoured(
                    RouteAction.CLUSTER_FIELD_NUMBER,
                    RouteAction.CLUSTER_NOT_FOUND_RESPONSE_CODE_FIELD_NUMBER,
                    RouteAction.TIMEOUT_FIELD_NUMBER,
                    RouteAction.IDLE_TIMEOUT_FIELD_NUMBER,
                    RouteAction.HOST_REWRITE_LITERAL_FIELD_NUMBER,
                    RouteAction.PREFIX_REWRITE_FIELD_NUMBER)
            .inside(RouteAction.WEIGHTED_CLUSTERS_FIELD_NUMBER, WEIGHTED)
            .inside(RouteAction.UPGRADE_CONFIGS_FIELD_NUMBER, UPGRADE);

    private RouteActionReader() {}

    static Forward read(RouteAction action, Place place) {
        return new Forward(
                clusters(action, place),
                timeouts(action, place),
                new RequestRewrite(emptyToNull(action.getHostRewriteLiteral()), emptyToNull(action.getPrefixRewrite())),
                Resilience.NONE,
                List.of(),
                tunnel(action, place),
                noClusterStatus(action, place));
    }

    private static Timeouts timeouts(RouteAction action, Place place) {
        return new Timeouts(
                action.hasTimeout() ? Amounts.notNegative(action.getTimeout(), place.in("timeout")) : TIMEOUT,
                action.hasIdleTimeout()
                        ? Amounts.notNegative(action.getIdleTimeout(), place.in("idle_timeout"))
                        : Duration.ZERO);
    }

    private static List<WeightedCluster> clusters(RouteAction action, Place place) {
        return switch (action.getClusterSpecifierCase()) {
            case CLUSTER -> {
                place.in("cluster").needsCluster(Names.required(action.getCluster(), place.in("cluster")));
                yield List.of(new WeightedCluster(action.getCluster(), 1));
            }
            case WEIGHTED_CLUSTERS ->
                weighted(action.getWeightedClusters().getClustersList(), place.in("weighted_clusters"));
            default -> {
                place.refuse("needs cluster or weighted_clusters");
                yield List.of();
            }
        };
    }

    private static List<WeightedCluster> weighted(List<ClusterWeight> weights, Place place) {
        List<WeightedCluster> clusters = new ArrayList<>(weights.size());
        long sum = 0;
        for (int i = 0; i < weights.size(); i++) {
            Place here = place.in("clusters", i);
            ClusterWeight weight = weights.get(i);
            here.in("name").needsCluster(Names.required(weight.getName(), here.in("name")));
            long share = Integer.toUnsignedLong(weight.getWeight().getValue());
            sum += share;
            clusters.add(new WeightedCluster(weight.getName(), share));
        }
        if (sum < 1 || sum > MOST_WEIGHT) {
            place.in("clusters")
                    .refuse("the sum of the weights is " + sum + " and must be between 1 and " + MOST_WEIGHT);
        }
        return List.copyOf(clusters);
    }

    private static boolean tunnel(RouteAction action, Place place) {
        boolean tunnel = false;
        for (int i = 0; i < action.getUpgradeConfigsCount(); i++) {
            UpgradeConfig upgrade = action.getUpgradeConfigs(i);
            Place here = place.in("upgrade_configs", i);
            boolean enabled = !upgrade.hasEnabled() || upgrade.getEnabled().getValue();
            if (!upgrade.getUpgradeType().equals("CONNECT")) {
                here.in("upgrade_type")
                        .refuse("`" + upgrade.getUpgradeType() + "` is not supported yet, only CONNECT is");
            } else if (enabled && !upgrade.hasConnectConfig()) {
                here.refuse("CONNECT needs connect_config: passing it on to another proxy is not supported yet");
            }
            tunnel = tunnel || enabled;
        }
        return tunnel;
    }

    private static int noClusterStatus(RouteAction action, Place place) {
        return switch (action.getClusterNotFoundResponseCode()) {
            case SERVICE_UNAVAILABLE -> 503;
            case NOT_FOUND -> 404;
            case INTERNAL_SERVER_ERROR -> 500;
            case UNRECOGNIZED -> {
                place.in("cluster_not_found_response_code")
                        .refuse(action.getClusterNotFoundResponseCodeValue()
                                + " is none of SERVICE_UNAVAILABLE, NOT_FOUND and INTERNAL_SERVER_ERROR");
                yield 503;
            }
        };
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
