package dev.perimeter.proxy.xds.resource.cluster;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.cluster.LoadBalancing.Fallback;
import dev.perimeter.proxy.cluster.LoadBalancing.SubsetRules;
import dev.perimeter.proxy.cluster.LoadBalancing.SubsetRules.Selector;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LbSubsetConfig;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LbSubsetConfig.LbSubsetSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Subsets of a cluster. */
public final class SubsetReader {

    private static final FieldList SELECTOR = FieldList.of(LbSubsetSelector::getDescriptor)
            .honoured(LbSubsetSelector.KEYS_FIELD_NUMBER, LbSubsetSelector.FALLBACK_POLICY_FIELD_NUMBER);

    public static final FieldList FIELDS = FieldList.of(LbSubsetConfig::getDescriptor)
            .honoured(LbSubsetConfig.FALLBACK_POLICY_FIELD_NUMBER, LbSubsetConfig.DEFAULT_SUBSET_FIELD_NUMBER)
            .inside(LbSubsetConfig.SUBSET_SELECTORS_FIELD_NUMBER, SELECTOR);

    private SubsetReader() {}

    static SubsetRules read(LbSubsetConfig config, Place place) {
        if (config.getSubsetSelectorsCount() == 0) {
            return SubsetRules.NONE;
        }
        Fallback fallback = switch (config.getFallbackPolicy()) {
            case NO_FALLBACK -> Fallback.NO_FALLBACK;
            case ANY_ENDPOINT -> Fallback.ANY_ENDPOINT;
            case DEFAULT_SUBSET -> Fallback.DEFAULT_SUBSET;
            case UNRECOGNIZED -> {
                place.in("fallback_policy").refuse("is not known");
                yield Fallback.NO_FALLBACK;
            }
        };
        List<Selector> selectors = new ArrayList<>();
        for (int i = 0; i < config.getSubsetSelectorsCount(); i++) {
            LbSubsetSelector selector = config.getSubsetSelectors(i);
            Place here = place.in("subset_selectors", i);
            if (selector.getKeysCount() == 0) {
                here.in("keys").refuse("must hold at least one");
            }
            selectors.add(new Selector(Set.copyOf(selector.getKeysList()), fallback(selector, fallback, here)));
        }
        return new SubsetRules(
                List.copyOf(selectors),
                fallback,
                LbMetadata.read(config.getDefaultSubset(), place.in("default_subset")));
    }

    private static Fallback fallback(LbSubsetSelector selector, Fallback ofCluster, Place place) {
        return switch (selector.getFallbackPolicy()) {
            case NOT_DEFINED -> ofCluster;
            case NO_FALLBACK -> Fallback.NO_FALLBACK;
            case ANY_ENDPOINT -> Fallback.ANY_ENDPOINT;
            case DEFAULT_SUBSET -> Fallback.DEFAULT_SUBSET;
            case KEYS_SUBSET, UNRECOGNIZED -> {
                place.in("fallback_policy").refuse(selector.getFallbackPolicy() + " is not supported yet");
                yield ofCluster;
            }
        };
    }
}
