package dev.perimeter.proxy.xds.stream;

import com.google.protobuf.Any;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.xds.resource.Resource;
import dev.perimeter.proxy.xds.resource.field.Place.ClusterReference;
import dev.perimeter.proxy.xds.transport.Answer;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The accepted resources of one type. A response is taken whole or not at all. */
final class Shelf<T> {

    private static final String WRAPPER = "type.googleapis.com/envoy.service.discovery.v3.Resource";

    private final ResourceType type;
    private final Function<Any, Parsed<Resource<T>>> reader;
    private Map<String, Held<T>> held = Map.of();

    Shelf(ResourceType type, Function<Any, Parsed<Resource<T>>> reader) {
        this.type = type;
        this.reader = reader;
    }

    Map<String, Held<T>> held() {
        return held;
    }

    /** Lets go of what nobody asks for any more. */
    void retain(Set<String> names) {
        if (!names.containsAll(held.keySet())) {
            Map<String, Held<T>> kept = new LinkedHashMap<>(held);
            kept.keySet().retainAll(names);
            held = kept;
        }
    }

    /**
     * Takes a response.
     *
     * @param wanted the names asked for; others are left aside
     * @param clusters the clusters that a resource may insist on, or null while they are not known
     * @return why nothing was taken, or null
     */
    @Nullable
    Rejection take(Answer answer, Set<String> wanted, @Nullable Set<String> clusters, Instant now) {
        Map<String, Held<T>> taken = new LinkedHashMap<>(type.wildcard() ? Map.of() : held);
        Map<String, Held<T>> seen = new LinkedHashMap<>();
        for (int i = 0; i < answer.resources().size(); i++) {
            Any raw = unwrapped(answer.resources().get(i));
            if (!raw.getTypeUrl().equals(type.typeUrl())) {
                String sentence =
                        "resources[" + i + "]: `" + raw.getTypeUrl() + "` in a response for " + type.typeUrl();
                return new Rejection(answer.version(), sentence, now, "", raw);
            }
            Parsed<Resource<T>> parsed = reader.apply(raw);
            if (parsed instanceof Parsed.Bad<Resource<T>> bad) {
                return refusal(raw, i, bad.sentence(), answer.version(), now);
            }
            Resource<T> resource = ((Parsed.Ok<Resource<T>>) parsed).value();
            Held<T> next = heldAs(resource, answer.version(), now);
            if (seen.put(resource.name(), next) != null) {
                return rejection(resource, "stands twice in the response", answer.version(), now);
            }
            for (ClusterReference reference : resource.requiredClusters()) {
                if (clusters != null && !clusters.contains(reference.cluster())) {
                    String wrong = reference.path().get() + ": there is no cluster `" + reference.cluster() + "`";
                    return rejection(resource, wrong, answer.version(), now);
                }
            }
            if (type.wildcard() || wanted.contains(resource.name())) {
                taken.put(resource.name(), next);
            }
        }
        held = taken;
        return null;
    }

    /** An unchanged resource keeps its parsed value, so that the engine sees at once that nothing changed. */
    private Held<T> heldAs(Resource<T> resource, String version, Instant now) {
        Held<T> before = held.get(resource.name());
        return before != null && before.resource().raw().equals(resource.raw())
                ? before
                : new Held<>(resource, version, now);
    }

    private Rejection refusal(Any raw, int index, String why, String version, Instant now) {
        String name = nameOf(raw);
        String what = name.isEmpty() ? "resources[" + index + "]" : type.word() + " `" + name + "`";
        return new Rejection(version, what + ": " + why, now, name, raw);
    }

    private Rejection rejection(Resource<T> resource, String why, String version, Instant now) {
        String sentence = type.word() + " `" + resource.name() + "`: " + why;
        return new Rejection(version, sentence, now, resource.name(), resource.raw());
    }

    private static Any unwrapped(Any resource) {
        if (!resource.getTypeUrl().equals(WRAPPER)) {
            return resource;
        }
        try {
            return io.envoyproxy.envoy.service.discovery.v3.Resource.parseFrom(resource.getValue())
                    .getResource();
        } catch (InvalidProtocolBufferException malformed) {
            return resource;
        }
    }

    /** The name of a resource that cannot be read: field 1 in all four kinds. */
    private static String nameOf(Any raw) {
        try {
            CodedInputStream in = raw.getValue().newCodedInput();
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (WireFormat.getTagFieldNumber(tag) == 1) {
                    return in.readStringRequireUtf8();
                }
                in.skipField(tag);
            }
        } catch (IOException malformed) {
            return "";
        }
        return "";
    }
}
