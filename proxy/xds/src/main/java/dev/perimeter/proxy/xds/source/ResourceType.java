package dev.perimeter.proxy.xds.source;

import dev.perimeter.controlplane.contract.TypeUrl;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of resource, in the order in which they are asked for: whoever names comes before what is named, and
 * clusters before the listeners that send requests to them.
 */
public enum ResourceType {
    CLUSTER(TypeUrl.CLUSTER, true, "cluster"),
    ENDPOINTS(TypeUrl.ENDPOINT, false, "endpoints"),
    LISTENER(TypeUrl.LISTENER, true, "listener"),
    ROUTE_TABLE(TypeUrl.ROUTE_CONFIGURATION, false, "route table"),
    SECRET(TypeUrl.SECRET, false, "secret"),
    FILTER_CONFIG(TypeUrl.EXTENSION_CONFIG, false, "filter config");

    private final String typeUrl;
    private final boolean wildcard;
    private final String word;

    ResourceType(String typeUrl, boolean wildcard, String word) {
        this.typeUrl = typeUrl;
        this.wildcard = wildcard;
        this.word = word;
    }

    public String typeUrl() {
        return typeUrl;
    }

    /**
     * True when all there are is asked for, so that one left out of a response is gone. Others are asked for by name, by
     * whoever needs them.
     */
    public boolean wildcard() {
        return wildcard;
    }

    /** What an operator calls one of them. */
    public String word() {
        return word;
    }

    public static @Nullable ResourceType of(String typeUrl) {
        for (ResourceType type : values()) {
            if (type.typeUrl.equals(typeUrl)) {
                return type;
            }
        }
        return null;
    }
}
