package dev.perimeter.controlplane.discovery;

import dev.perimeter.controlplane.contract.TypeUrl;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The types of resources, in the order in which a change is sent: what is referred to before what refers to it. */
public enum ResourceType {
    CLUSTERS(TypeUrl.CLUSTER, true),
    ENDPOINTS(TypeUrl.ENDPOINT, false),
    LISTENERS(TypeUrl.LISTENER, true),
    ROUTES(TypeUrl.ROUTE_CONFIGURATION, false);

    private final String typeUrl;
    private final boolean whole;

    ResourceType(String typeUrl, boolean whole) {
        this.typeUrl = typeUrl;
        this.whole = whole;
    }

    /** As it stands in requests and responses. */
    public String typeUrl() {
        return typeUrl;
    }

    /**
     * Whether a response holds all there is, so that what is missing in it is gone (CDS and LDS), or only what changed
     * (EDS and RDS). See "Resource update" in Envoy's description of the xDS protocol.
     */
    boolean whole() {
        return whole;
    }

    static @Nullable ResourceType of(String typeUrl) {
        return Arrays.stream(values())
                .filter(type -> type.typeUrl.equals(typeUrl))
                .findFirst()
                .orElse(null);
    }
}
