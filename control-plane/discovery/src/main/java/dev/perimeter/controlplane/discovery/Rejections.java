package dev.perimeter.controlplane.discovery;

import dev.perimeter.controlplane.discovery.ProxyView.Nack;
import dev.perimeter.controlplane.discovery.ProxyView.Refused;
import dev.perimeter.controlplane.model.MeshObject;
import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.translate.Resource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a client refused, and which objects are to blame. */
final class Rejections {
    private final SortedMap<String, Refused> refused = new TreeMap<>();
    private @Nullable Nack last;

    /**
     * Takes down a NACK. A client refuses a response as a whole; of what was new in it, those are suspected that its
     * sentence names, or else all.
     *
     * @param acked what the client went on with
     */
    void add(@Nullable String version, String sentence, List<Resource> response, Map<String, Resource> acked) {
        last = new Nack(version == null ? "" : version, sentence);
        List<Resource> named = response.stream()
                .filter(resource -> sentence.contains(resource.name()))
                .toList();
        for (Resource resource : named.isEmpty() ? response : named) {
            refused.put(
                    resource.name(),
                    new Refused(
                            resource.name(),
                            resource.version(),
                            sentence,
                            blame(resource, acked.get(resource.name()))));
        }
    }

    /** The objects that changed since the client took the resource over; all of them if it never did. */
    private static SortedSet<ObjectKey> blame(Resource resource, @Nullable Resource before) {
        SortedMap<ObjectKey, MeshObject> old = before == null ? Collections.emptySortedMap() : before.causes();
        SortedSet<ObjectKey> changed = new TreeSet<>();
        resource.causes().forEach((key, object) -> {
            if (!object.equals(old.get(key))) {
                changed.add(key);
            }
        });
        return changed.isEmpty() ? new TreeSet<>(resource.causes().keySet()) : changed;
    }

    /** Whether a resource was refused in just this form. */
    boolean refused(Resource resource) {
        Refused held = refused.get(resource.name());
        return held != null && held.version().equals(resource.version());
    }

    /** Whether a set of resources of this version was refused. */
    boolean refused(String version) {
        return last != null && last.version().equals(version);
    }

    /** What of the target is refused. */
    List<Refused> refusedOf(SortedMap<String, Resource> target) {
        return target.values().stream()
                .filter(this::refused)
                .map(resource -> refused.get(resource.name()))
                .filter(Objects::nonNull)
                .map(Refused.class::cast)
                .toList();
    }

    /** The last refusal, null once the target holds nothing that was refused. */
    @Nullable
    Nack inForce(SortedMap<String, Resource> target) {
        return refusedOf(target).isEmpty() ? null : last;
    }
}
