package dev.perimeter.proxy.xds.resource.resilience;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.route.v3.HedgePolicy;
import io.envoyproxy.envoy.type.v3.FractionalPercent;

/** Envoy's HedgePolicy, as far as Envoy itself acts upon it. */
final class HedgePolicyReader {

    static final FieldList FIELDS = FieldList.of(HedgePolicy::getDescriptor)
            .honoured(
                    HedgePolicy.HEDGE_ON_PER_TRY_TIMEOUT_FIELD_NUMBER,
                    HedgePolicy.INITIAL_REQUESTS_FIELD_NUMBER,
                    HedgePolicy.ADDITIONAL_REQUEST_CHANCE_FIELD_NUMBER);

    private HedgePolicyReader() {}

    /** Whether a slow attempt goes on beside the next one. */
    static boolean read(HedgePolicy policy, Place place) {
        if (policy.hasInitialRequests() && policy.getInitialRequests().getValue() != 1) {
            place.in("initial_requests").refuse("must be 1: a request begins with one attempt");
        }
        FractionalPercent chance = policy.getAdditionalRequestChance();
        if (chance.getNumerator() != 0) {
            place.in("additional_request_chance").refuse("must be 0: only a slow attempt gets another beside it");
        }
        return policy.getHedgeOnPerTryTimeout();
    }
}
