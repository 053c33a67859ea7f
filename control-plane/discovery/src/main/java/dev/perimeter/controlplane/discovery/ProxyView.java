package dev.perimeter.controlplane.discovery;

import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.translate.ProxyConfig;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * One connected proxy at one moment.
 *
 * @param node its id as it gave it
 * @param reason why it gets nothing, null if it is served
 * @param target what it is to have
 * @param types what it was sent and what it said to that, for the types it asked for
 */
public record ProxyView(
        String node,
        Instant connectedSince,
        @Nullable String reason,
        ProxyConfig target,
        Map<ResourceType, TypeView> types) {
    /**
     * One type.
     *
     * @param sent the version last sent, null if none was
     * @param acked the version last taken over, null if none was
     * @param nacked the last refusal, null if none is in force
     * @param refused the resources that were refused, in the form that was
     * @param wanted the resources of the target the proxy asked for, with their versions
     * @param has the resources taken over, with their versions
     */
    public record TypeView(
            @Nullable String sent,
            @Nullable String acked,
            @Nullable Nack nacked,
            List<Refused> refused,
            SortedMap<String, String> wanted,
            SortedMap<String, String> has) {}

    /** A response that was refused. */
    public record Nack(String version, String message) {}

    /**
     * A resource that was refused.
     *
     * @param causes the objects whose change is to blame
     */
    public record Refused(String name, String version, String message, SortedSet<ObjectKey> causes) {}
}
