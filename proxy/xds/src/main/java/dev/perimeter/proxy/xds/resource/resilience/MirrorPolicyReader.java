package dev.perimeter.proxy.xds.resource.resilience;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.mirror.MirrorPolicy;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.config.route.v3.RouteAction.RequestMirrorPolicy;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import java.util.ArrayList;
import java.util.List;

/** Envoy's RequestMirrorPolicy. */
final class MirrorPolicyReader {

    private static final int ALL = 100;

    static final FieldList FIELDS = FieldList.of(RequestMirrorPolicy::getDescriptor)
            .honoured(
                    RequestMirrorPolicy.CLUSTER_FIELD_NUMBER,
                    RequestMirrorPolicy.CLUSTER_HEADER_FIELD_NUMBER,
                    RequestMirrorPolicy.DISABLE_SHADOW_HOST_SUFFIX_APPEND_FIELD_NUMBER)
            .inside(
                    RequestMirrorPolicy.RUNTIME_FRACTION_FIELD_NUMBER,
                    FieldList.of(RuntimeFractionalPercent::getDescriptor)
                            .inside(
                                    RuntimeFractionalPercent.DEFAULT_VALUE_FIELD_NUMBER,
                                    FieldList.of(FractionalPercent::getDescriptor)
                                            .honoured(
                                                    FractionalPercent.NUMERATOR_FIELD_NUMBER,
                                                    FractionalPercent.DENOMINATOR_FIELD_NUMBER))
                            // There is no runtime that could overrule the default.
                            .harmless(RuntimeFractionalPercent.RUNTIME_KEY_FIELD_NUMBER))
            // Copies are not traced.
            .harmless(RequestMirrorPolicy.TRACE_SAMPLED_FIELD_NUMBER);

    private MirrorPolicyReader() {}

    static List<MirrorPolicy> read(List<RequestMirrorPolicy> policies, Place parent) {
        List<MirrorPolicy> mirrors = new ArrayList<>(policies.size());
        for (int i = 0; i < policies.size(); i++) {
            mirrors.add(read(policies.get(i), parent.in("request_mirror_policies", i)));
        }
        return List.copyOf(mirrors);
    }

    private static MirrorPolicy read(RequestMirrorPolicy policy, Place place) {
        boolean fromHeader = policy.getCluster().isEmpty();
        if (fromHeader == policy.getClusterHeader().isEmpty()) {
            place.refuse("needs one of cluster and cluster_header");
        } else if (!fromHeader) {
            place.in("cluster").needsCluster(policy.getCluster());
        }
        FractionalPercent share = policy.getRuntimeFraction().getDefaultValue();
        int numerator = policy.hasRuntimeFraction()
                ? (int) Math.min(Integer.MAX_VALUE, share.getNumerator() & 0xFFFF_FFFFL)
                : ALL;
        return new MirrorPolicy(
                fromHeader ? policy.getClusterHeader() : policy.getCluster(),
                fromHeader,
                numerator,
                policy.hasRuntimeFraction() ? denominator(share, place) : ALL,
                !policy.getDisableShadowHostSuffixAppend());
    }

    private static int denominator(FractionalPercent share, Place place) {
        return switch (share.getDenominator()) {
            case HUNDRED -> 100;
            case TEN_THOUSAND -> 10_000;
            case MILLION -> 1_000_000;
            case UNRECOGNIZED -> {
                place.in("runtime_fraction")
                        .in("default_value")
                        .in("denominator")
                        .refuse(share.getDenominatorValue() + " is not a known denominator");
                yield ALL;
            }
        };
    }
}
