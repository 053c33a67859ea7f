package dev.perimeter.controlplane.discovery;

import dev.perimeter.controlplane.translate.ProxyConfig;
import dev.perimeter.controlplane.translate.ProxyNode;
import dev.perimeter.controlplane.translate.Resource;
import dev.perimeter.controlplane.translate.Translation;
import dev.perimeter.controlplane.translate.Translator;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One proxy that is connected. Knows nothing of gRPC: requests come in, responses to send come out of
 * {@link #advance}. Used by the discovery thread only.
 *
 * <p>A change is sent in the order that never leaves a reference dangling, "make before break": new clusters beside
 * the old ones, their endpoints, then listeners and routes once those were answered, and what is no longer used last.
 */
final class ProxyStream {
    private final String id;
    private final Instant since;
    private final @Nullable ProxyNode node;
    private final Map<ResourceType, Subscription> types = new EnumMap<>(ResourceType.class);
    private @Nullable String reason;
    private ProxyConfig target = ProxyConfig.EMPTY;
    private boolean served;

    ProxyStream(Node node, Instant since) {
        this.id = node.getId();
        this.since = since;
        ProxyNode.Parsed parsed = ProxyNode.parse(node);
        this.node = parsed instanceof ProxyNode.Known known ? known.node() : null;
        this.reason = parsed instanceof ProxyNode.Unknown unknown ? unknown.sentence() : null;
        for (ResourceType type : ResourceType.values()) {
            types.put(type, new Subscription(type));
        }
    }

    String id() {
        return id;
    }

    @Nullable
    String reason() {
        return reason;
    }

    /** Works out what the proxy is to have in this world; {@link #advance} brings it there. */
    void follow(Translator world) {
        if (node == null) {
            return;
        }
        switch (world.translate(node)) {
            case Translation.Config config -> {
                target = config.resources();
                reason = null;
                served = true;
            }
            // A proxy whose reason to be has gone loses what it had; one that never had it is left waiting.
            case Translation.Nothing nothing -> {
                target = ProxyConfig.EMPTY;
                reason = nothing.reason();
            }
        }
    }

    Subscription.Heard hear(ResourceType type, DiscoveryRequest request) {
        return of(type).hear(request);
    }

    /** The next response to send, null if there is none before the client speaks or the world changes. */
    @Nullable
    DiscoveryResponse advance() {
        if (!served) {
            return null;
        }
        DiscoveryResponse response = clusters();
        response = response != null ? response : respond(ResourceType.ENDPOINTS);
        if (response != null
                || of(ResourceType.CLUSTERS).underWay()
                || of(ResourceType.ENDPOINTS).underWay()) {
            return response;
        }
        response = respond(ResourceType.LISTENERS);
        return response != null ? response : respond(ResourceType.ROUTES);
    }

    private @Nullable DiscoveryResponse clusters() {
        Subscription clusters = of(ResourceType.CLUSTERS);
        DiscoveryResponse response = clusters.respond(target.clusters(), stillUsed());
        if (response != null) {
            // A client warms a changed cluster until its endpoints come, be they the same as before ("Cluster
            // warming" in Envoy's description of xDS).
            clusters.lastResponse()
                    .forEach(changed -> of(ResourceType.ENDPOINTS).resend(changed.name()));
        }
        return response;
    }

    private @Nullable DiscoveryResponse respond(ResourceType type) {
        return of(type).respond(target.ofType(type.typeUrl()), Collections.emptySortedMap());
    }

    /** Clusters that are to go but may be referred to as long as new listeners and routes are not taken over. */
    private SortedMap<String, Resource> stillUsed() {
        boolean settled =
                List.of(ResourceType.LISTENERS, ResourceType.ROUTES).stream().allMatch(this::settled);
        if (settled) {
            return Collections.emptySortedMap();
        }
        SortedMap<String, Resource> going =
                new TreeMap<>(of(ResourceType.CLUSTERS).sent());
        going.keySet().removeAll(target.clusters().keySet());
        return going;
    }

    private boolean settled(ResourceType type) {
        Subscription subscription = of(type);
        return !subscription.underWay() && subscription.upToDate(target.ofType(type.typeUrl()));
    }

    private Subscription of(ResourceType type) {
        Subscription subscription = types.get(type);
        if (subscription == null) {
            throw new AssertionError("The constructor makes one for each type");
        }
        return subscription;
    }

    ProxyView view() {
        Map<ResourceType, ProxyView.TypeView> views = new EnumMap<>(ResourceType.class);
        types.forEach((type, subscription) -> {
            if (subscription.asked()) {
                views.put(type, subscription.view(target.ofType(type.typeUrl())));
            }
        });
        return new ProxyView(id, since, reason, target, Collections.unmodifiableMap(views));
    }
}
