package dev.perimeter.proxy.xds.resource.http;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.route.RouteAction.OfCluster;
import dev.perimeter.proxy.route.RouteAction.Selection;
import dev.perimeter.proxy.route.RouteAction.WeightedCluster;
import dev.perimeter.proxy.xds.resource.field.Names;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which cluster a route forwards to: one, several by weight, or the one a header names; and which of its endpoints. */
final class ClusterChoiceReader {

    private static final long MOST_WEIGHT = 0xFFFF_FFFFL;

    /** Where subsets of a cluster's endpoints are described. */
    private static final String SUBSET_FILTER = "envoy.lb";

    static final FieldList METADATA =
            FieldList.of(Metadata::getDescriptor).honoured(Metadata.FILTER_METADATA_FIELD_NUMBER);

    private static final FieldList CLUSTER_WEIGHT = FieldList.of(ClusterWeight::getDescriptor)
            .honoured(
                    ClusterWeight.NAME_FIELD_NUMBER,
                    ClusterWeight.CLUSTER_HEADER_FIELD_NUMBER,
                    ClusterWeight.WEIGHT_FIELD_NUMBER,
                    ClusterWeight.REQUEST_HEADERS_TO_REMOVE_FIELD_NUMBER,
                    ClusterWeight.RESPONSE_HEADERS_TO_REMOVE_FIELD_NUMBER,
                    ClusterWeight.HOST_REWRITE_LITERAL_FIELD_NUMBER,
                    // By RouteReader, which knows what the levels outside say.
                    ClusterWeight.TYPED_PER_FILTER_CONFIG_FIELD_NUMBER)
            .inside(ClusterWeight.METADATA_MATCH_FIELD_NUMBER, METADATA)
            .inside(ClusterWeight.REQUEST_HEADERS_TO_ADD_FIELD_NUMBER, HeaderEdits.FIELDS)
            .inside(ClusterWeight.RESPONSE_HEADERS_TO_ADD_FIELD_NUMBER, HeaderEdits.FIELDS);

    @SuppressWarnings("deprecation") // total_weight says again what the weights say
    static final FieldList WEIGHTED = FieldList.of(io.envoyproxy.envoy.config.route.v3.WeightedCluster::getDescriptor)
            .inside(io.envoyproxy.envoy.config.route.v3.WeightedCluster.CLUSTERS_FIELD_NUMBER, CLUSTER_WEIGHT)
            .honoured(
                    io.envoyproxy.envoy.config.route.v3.WeightedCluster.HEADER_NAME_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.route.v3.WeightedCluster.TOTAL_WEIGHT_FIELD_NUMBER)
            .harmless(io.envoyproxy.envoy.config.route.v3.WeightedCluster.RUNTIME_KEY_PREFIX_FIELD_NUMBER);

    private ClusterChoiceReader() {}

    static List<WeightedCluster> clusters(RouteAction action, Place place) {
        return switch (action.getClusterSpecifierCase()) {
            case CLUSTER -> {
                place.in("cluster").needsCluster(Names.required(action.getCluster(), place.in("cluster")));
                yield List.of(new WeightedCluster(action.getCluster(), 1));
            }
            case WEIGHTED_CLUSTERS -> weighted(action.getWeightedClusters(), place.in("weighted_clusters"));
            case CLUSTER_HEADER -> List.of();
            default -> {
                place.refuse("needs one of cluster, weighted_clusters and cluster_header");
                yield List.of();
            }
        };
    }

    static Selection selection(RouteAction action, Place place) {
        String cluster = header(action.getClusterHeader(), place.in("cluster_header"));
        String random = header(
                action.getWeightedClusters().getHeaderName(),
                place.in("weighted_clusters").in("header_name"));
        Map<String, String> metadata = metadata(action.getMetadataMatch(), place.in("metadata_match"));
        boolean nothing = cluster == null && random == null && metadata.isEmpty();
        return nothing ? Selection.BY_WEIGHT : new Selection(cluster, random, metadata);
    }

    private static @Nullable String header(String name, Place place) {
        if (name.isEmpty()) {
            return null;
        }
        return name.startsWith(":") || name.equalsIgnoreCase("host") ? name : HeaderEdits.name(name, place);
    }

    @SuppressWarnings("deprecation") // see WEIGHTED
    private static List<WeightedCluster> weighted(
            io.envoyproxy.envoy.config.route.v3.WeightedCluster weighted, Place place) {
        List<WeightedCluster> clusters = new ArrayList<>(weighted.getClustersCount());
        long sum = 0;
        for (int i = 0; i < weighted.getClustersCount(); i++) {
            ClusterWeight weight = weighted.getClusters(i);
            long share = Integer.toUnsignedLong(weight.getWeight().getValue());
            sum += share;
            clusters.add(new WeightedCluster(weight.getName(), share, own(weight, place.in("clusters", i))));
        }
        if (sum < 1 || sum > MOST_WEIGHT) {
            place.in("clusters")
                    .refuse("the sum of the weights is " + sum + " and must be between 1 and " + MOST_WEIGHT);
        }
        if (weighted.hasTotalWeight()
                && Integer.toUnsignedLong(weighted.getTotalWeight().getValue()) != sum) {
            place.in("total_weight").refuse("the weights add up to " + sum + "; remove it");
        }
        return List.copyOf(clusters);
    }

    private static OfCluster own(ClusterWeight weight, Place place) {
        String header = header(weight.getClusterHeader(), place.in("cluster_header"));
        if (header == null) {
            place.in("name").needsCluster(Names.required(weight.getName(), place.in("name")));
        } else if (!weight.getName().isEmpty()) {
            place.refuse("needs one of name and cluster_header, not both");
        }
        String host = weight.getHostRewriteLiteral();
        return new OfCluster(
                HeaderEdits.request(weight.getRequestHeadersToRemoveList(), weight.getRequestHeadersToAddList(), place),
                HeaderEdits.response(
                        weight.getResponseHeadersToRemoveList(), weight.getResponseHeadersToAddList(), place),
                header,
                host.isEmpty() ? null : host,
                metadata(weight.getMetadataMatch(), place.in("metadata_match")),
                Map.of());
    }

    /** Envoy looks at {@code envoy.lb} alone; what stands under other names is noted. */
    private static Map<String, String> metadata(Metadata metadata, Place place) {
        Map<String, String> values = new TreeMap<>();
        for (Map.Entry<String, Struct> filter : metadata.getFilterMetadataMap().entrySet()) {
            Place here = place.in("filter_metadata[" + filter.getKey() + "]");
            if (!filter.getKey().equals(SUBSET_FILTER)) {
                here.harmless();
                continue;
            }
            filter.getValue().getFieldsMap().forEach((key, value) -> values.put(key, text(value, here.in(key))));
        }
        return Map.copyOf(values);
    }

    private static String text(Value value, Place place) {
        return switch (value.getKindCase()) {
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            case NUMBER_VALUE -> {
                double number = value.getNumberValue();
                yield number == Math.rint(number) && Math.abs(number) < 1e15
                        ? Long.toString((long) number)
                        : Double.toString(number);
            }
            default -> {
                place.refuse("must be a text, a number, true or false");
                yield "";
            }
        };
    }
}
