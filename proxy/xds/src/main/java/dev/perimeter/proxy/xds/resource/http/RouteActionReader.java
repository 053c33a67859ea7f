package dev.perimeter.proxy.xds.resource.http;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.route.Resilience;
import dev.perimeter.proxy.route.RouteAction.Forward;
import dev.perimeter.proxy.route.RouteMatch.PathMatch;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.resource.resilience.ResilienceReader;
import dev.perimeter.proxy.xds.resource.resilience.TimeoutsReader;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.UpgradeConfig;

/** Routes that forward a request to a cluster, or to one of several by weight. */
final class RouteActionReader {

    private static final FieldList UPGRADE = FieldList.of(UpgradeConfig::getDescriptor)
            .honoured(UpgradeConfig.UPGRADE_TYPE_FIELD_NUMBER, UpgradeConfig.ENABLED_FIELD_NUMBER)
            .inside(
                    UpgradeConfig.CONNECT_CONFIG_FIELD_NUMBER,
                    FieldList.of(UpgradeConfig.ConnectConfig::getDescriptor));

    static final FieldList FIELDS = RewriteReader.honoured(
                    ResilienceReader.action(TimeoutsReader.honoured(FieldList.of(RouteAction::getDescriptor))))
            .honoured(
                    RouteAction.CLUSTER_FIELD_NUMBER,
                    RouteAction.CLUSTER_NOT_FOUND_RESPONSE_CODE_FIELD_NUMBER,
                    RouteAction.CLUSTER_HEADER_FIELD_NUMBER)
            .inside(RouteAction.HASH_POLICY_FIELD_NUMBER, HashPolicyReader.FIELDS)
            .inside(RouteAction.WEIGHTED_CLUSTERS_FIELD_NUMBER, ClusterChoiceReader.WEIGHTED)
            .inside(RouteAction.METADATA_MATCH_FIELD_NUMBER, ClusterChoiceReader.METADATA)
            .inside(RouteAction.UPGRADE_CONFIGS_FIELD_NUMBER, UPGRADE);

    private RouteActionReader() {}

    static Forward read(RouteAction action, PathMatch match, Resilience resilience, Place place) {
        return new Forward(
                ClusterChoiceReader.clusters(action, place),
                TimeoutsReader.read(action, place),
                RewriteReader.read(action, match, place),
                resilience,
                HashPolicyReader.read(action.getHashPolicyList(), place),
                tunnel(action, place),
                noClusterStatus(action, place),
                ClusterChoiceReader.selection(action, place));
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
}
