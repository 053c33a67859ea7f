package dev.perimeter.controlplane.discovery;

import dev.perimeter.controlplane.discovery.ProxyView.TypeView;
import dev.perimeter.controlplane.translate.Resource;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One type of resources on one stream: what the client wants, what it was sent, what it took over, what it refused.
 * At most one response is under way; changes in the meantime gather and become one. Used by the discovery thread only.
 *
 * <p>A refused resource is never sent again in the same form. The last form the client took over stands in for it, so
 * that one bad resource does not hold up the others of its type.
 */
final class Subscription {
    private final ResourceType type;
    private final Rejections rejections = new Rejections();
    private Interest interest = Interest.NONE;
    private boolean asked;
    private boolean answered;
    private boolean underWay;
    private String nonce = "";
    private long responses;
    private @Nullable String sentVersion;
    private @Nullable String ackedVersion;
    private SortedMap<String, Resource> sent = Collections.emptySortedMap();
    private SortedMap<String, Resource> acked = Collections.emptySortedMap();
    private List<Resource> lastResponse = List.of();

    Subscription(ResourceType type) {
        this.type = type;
    }

    /** What a request turned out to be. */
    enum Heard {
        SUBSCRIBED,
        ACK,
        NACK,
        /** It answers a response that was followed by another one; the client will answer that too. */
        STALE
    }

    Heard hear(DiscoveryRequest request) {
        boolean first = !asked;
        if (!first && !request.getResponseNonce().equals(nonce)) {
            return Heard.STALE;
        }
        asked = true;
        Interest before = interest;
        interest = interest.next(request.getResourceNamesList(), type);
        // Who asks for a name that is not there waits for the answer that it is not.
        answered &= before.names().containsAll(interest.names());
        boolean answers = underWay;
        underWay = false;
        Heard heard = Heard.SUBSCRIBED;
        if (answers && request.hasErrorDetail()) {
            rejections.add(sentVersion, request.getErrorDetail().getMessage(), lastResponse, acked);
            sent = acked;
            heard = Heard.NACK;
        } else if (answers) {
            acked = sent;
            ackedVersion = sentVersion;
            heard = Heard.ACK;
        }
        // What is no longer wanted the client has forgotten; when it is wanted again it must be sent again.
        sent = wanted(sent);
        acked = wanted(acked);
        return heard;
    }

    /**
     * What is to be sent so that the client has {@code target}, null if nothing is, or not yet.
     *
     * @param kept old resources that are still in use, to be sent beside the target until they are not
     */
    @Nullable
    DiscoveryResponse respond(SortedMap<String, Resource> target, SortedMap<String, Resource> kept) {
        if (!asked || underWay) {
            return null;
        }
        SortedMap<String, Resource> goal = goal(target, kept);
        List<Resource> changed = new ArrayList<>();
        goal.forEach((name, resource) -> {
            Resource before = sent.get(name);
            if (before == null || !before.version().equals(resource.version())) {
                changed.add(resource);
            }
        });
        boolean gone = type.whole() && !goal.keySet().containsAll(sent.keySet());
        boolean firstAnswer = !answered && type.whole();
        if (changed.isEmpty() && !gone && !firstAnswer) {
            return null;
        }
        String version = Resource.versionOf(goal);
        if (rejections.refused(version)) {
            return null;
        }
        answered = true;
        underWay = true;
        nonce = Long.toString(++responses);
        sent = goal;
        sentVersion = version;
        lastResponse = changed;
        DiscoveryResponse.Builder response = DiscoveryResponse.newBuilder()
                .setTypeUrl(type.typeUrl())
                .setVersionInfo(sentVersion)
                .setNonce(nonce);
        (type.whole() ? goal.values() : changed).forEach(resource -> response.addResources(resource.body()));
        return response.build();
    }

    private SortedMap<String, Resource> goal(SortedMap<String, Resource> target, SortedMap<String, Resource> kept) {
        SortedMap<String, Resource> goal = new TreeMap<>();
        wanted(kept).forEach(goal::put);
        wanted(target).forEach((name, resource) -> {
            Resource best = rejections.refused(resource) ? acked.get(name) : resource;
            if (best != null) {
                goal.put(name, best);
            }
        });
        return Collections.unmodifiableSortedMap(goal);
    }

    private SortedMap<String, Resource> wanted(SortedMap<String, Resource> resources) {
        SortedMap<String, Resource> wanted = new TreeMap<>(resources);
        wanted.keySet().removeIf(name -> !interest.wants(name));
        return wanted;
    }

    /** Forgets that a resource was sent: the client needs it again although it did not change. */
    void resend(String name) {
        SortedMap<String, Resource> rest = new TreeMap<>(sent);
        rest.remove(name);
        sent = rest;
    }

    boolean asked() {
        return asked;
    }

    /** Whether an answer of the client is outstanding. */
    boolean underWay() {
        return underWay;
    }

    /** Whether the client has just what it wants of the target; something refused keeps it from that. */
    boolean upToDate(SortedMap<String, Resource> target) {
        SortedMap<String, String> wanted = versions(wanted(target));
        SortedMap<String, String> has = versions(acked);
        return !asked || (type.whole() ? has.equals(wanted) : has.entrySet().containsAll(wanted.entrySet()));
    }

    SortedMap<String, Resource> sent() {
        return sent;
    }

    List<Resource> lastResponse() {
        return lastResponse;
    }

    /** The state of affairs; refusals are told as long as the target holds what was refused. */
    TypeView view(SortedMap<String, Resource> target) {
        return new TypeView(
                sentVersion,
                ackedVersion,
                rejections.inForce(target),
                rejections.refusedOf(target),
                versions(wanted(target)),
                versions(acked));
    }

    private static SortedMap<String, String> versions(SortedMap<String, Resource> resources) {
        SortedMap<String, String> versions = new TreeMap<>();
        resources.forEach((name, resource) -> versions.put(name, resource.version()));
        return versions;
    }
}
