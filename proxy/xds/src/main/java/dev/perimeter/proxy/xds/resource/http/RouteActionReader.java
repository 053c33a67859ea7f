package dev.perimeter.proxy.xds.resource.http;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.route.Resilience;
import dev.perimeter.proxy.route.RouteAction.Forward;
import dev.perimeter.proxy.route.RouteMatch.PathMatch;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.resource.http.connection.UpgradeReader;
import dev.perimeter.proxy.xds.resource.resilience.ResilienceReader;
import dev.perimeter.proxy.xds.resource.resilience.TimeoutsReader;
import io.envoyproxy.envoy.config.route.v3.RouteAction;

/** Routes that forward a request to a cluster, or to one of several by weight. */
final class RouteActionReader {

    static final FieldList FIELDS = RewriteReader.honoured(
                    ResilienceReader.action(TimeoutsReader.honoured(FieldList.of(RouteAction::getDescriptor))))
            .honoured(
                    RouteAction.CLUSTER_FIELD_NUMBER,
                    RouteAction.CLUSTER_NOT_FOUND_RESPONSE_CODE_FIELD_NUMBER,
                    RouteAction.CLUSTER_HEADER_FIELD_NUMBER)
            .inside(RouteAction.HASH_POLICY_FIELD_NUMBER, HashPolicyReader.FIELDS)
            .inside(RouteAction.WEIGHTED_CLUSTERS_FIELD_NUMBER, ClusterChoiceReader.WEIGHTED)
            .inside(RouteAction.METADATA_MATCH_FIELD_NUMBER, ClusterChoiceReader.METADATA)
            .inside(RouteAction.UPGRADE_CONFIGS_FIELD_NUMBER, UpgradeReader.OF_ROUTE);

    private RouteActionReader() {}

    static Forward read(RouteAction action, PathMatch match, Resilience resilience, Place place) {
        UpgradeReader.Upgrades upgrades = UpgradeReader.ofRoute(action.getUpgradeConfigsList(), place);
        return new Forward(
                ClusterChoiceReader.clusters(action, place),
                TimeoutsReader.read(action, place),
                RewriteReader.read(action, match, place),
                resilience,
                HashPolicyReader.read(action.getHashPolicyList(), place),
                upgrades.connect(),
                noClusterStatus(action, place),
                ClusterChoiceReader.selection(action, place),
                upgrades.protocols());
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
