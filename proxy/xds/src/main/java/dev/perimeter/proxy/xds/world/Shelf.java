package dev.perimeter.proxy.xds.world;

import com.google.protobuf.Any;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.xds.resource.Resource;
import dev.perimeter.proxy.xds.source.ResourceSource;
import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.transport.Answer;
import dev.perimeter.proxy.xds.transport.Answer.Sent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The accepted resources of one type from one source. Each resource of a response is accepted or refused by itself (gRFC
 * A46); of a refused one the last good form stays.
 */
public final class Shelf<T> {

    private final ResourceType type;
    private final ResourceSource source;
    private final Function<Any, Parsed<Resource<T>>> reader;
    private Map<String, Held<T>> held = Map.of();
    private final Map<String, Rejection> rejections = new TreeMap<>();
    private final Set<String> absent = new LinkedHashSet<>();

    Shelf(ResourceType type, ResourceSource source, Function<Any, Parsed<Resource<T>>> reader) {
        this.type = type;
        this.source = source;
        this.reader = reader;
    }

    public ResourceType type() {
        return type;
    }

    public ResourceSource source() {
        return source;
    }

    public Map<String, Held<T>> held() {
        return held;
    }

    /** What was refused and not mended since, by name; what has no name stands under the empty one. */
    public Collection<Rejection> rejections() {
        return List.copyOf(rejections.values());
    }

    /** Names of which the server said that they are not there. */
    Set<String> absent() {
        return absent;
    }

    /** The version of each resource, by name. */
    public Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        held.forEach((name, of) -> versions.put(name, of.version()));
        return versions;
    }

    /** Lets go of what nobody asks for any more. */
    void retain(Set<String> names) {
        absent.retainAll(names);
        rejections.keySet().removeIf(name -> !name.isEmpty() && !names.contains(name));
        if (!names.containsAll(held.keySet())) {
            Map<String, Held<T>> kept = new LinkedHashMap<>(held);
            kept.keySet().retainAll(names);
            held = kept;
        }
    }

    /** What a response is judged by. */
    public interface Judge {

        /** Whether somebody asked for this name; others are left aside. */
        boolean wanted(String name);

        /** Why a resource that can be read may not be taken all the same, or null. */
        @Nullable
        String objection(Resource<?> resource);
    }

    /**
     * Takes a response.
     *
     * @param whole whether what is not in it is gone
     * @return one sentence for each resource that was refused
     */
    public List<String> take(Answer answer, boolean whole, Judge judge, Instant now) {
        Reading reading = new Reading(answer, judge, now);
        answer.resources().forEach(reading::one);
        Map<String, Held<T>> taken = new LinkedHashMap<>(whole && !reading.namelessRefused ? Map.of() : held);
        reading.lastGood().forEach(taken::put);
        taken.putAll(reading.good);
        rejections.remove("");
        rejections.keySet().removeIf(name -> reading.good.containsKey(name) || (whole && !taken.containsKey(name)));
        reading.bad.forEach(rejection -> rejections.put(rejection.resource(), rejection));
        absent.removeAll(reading.good.keySet());
        for (String gone : answer.removed()) {
            rejections.remove(gone);
            if (type.wildcard()) {
                taken.remove(gone);
            } else if (judge.wanted(gone)) {
                // As in Envoy: who needs it goes on with the last good form; without one it is known not to exist.
                absent.add(gone);
            }
        }
        held = taken;
        return reading.bad.stream().map(Rejection::sentence).toList();
    }

    /** One response that is being read. */
    private final class Reading {

        private final Answer answer;
        private final Judge judge;
        private final Instant now;
        private final Map<String, Held<T>> good = new LinkedHashMap<>();
        private final Set<String> badNames = new LinkedHashSet<>();
        private final List<Rejection> bad = new ArrayList<>();
        private int next;
        private boolean namelessRefused;

        Reading(Answer answer, Judge judge, Instant now) {
            this.answer = answer;
            this.judge = judge;
            this.now = now;
        }

        void one(Sent sent) {
            int index = next++;
            Any raw = sent.body();
            if (raw == null) {
                heartbeat(sent);
                return;
            }
            if (!raw.getTypeUrl().equals(type.typeUrl())) {
                refuse(sent.name(), index, "`" + raw.getTypeUrl() + "` in a response for " + type.typeUrl(), raw);
                return;
            }
            switch (reader.apply(raw)) {
                case Parsed.Bad<Resource<T>> unreadable -> {
                    String inside = RawName.of(raw);
                    refuse(inside.isEmpty() ? sent.name() : inside, index, unreadable.sentence(), raw);
                }
                case Parsed.Ok<Resource<T>>(Resource<T> resource) -> judged(resource, sent, index);
            }
        }

        private void judged(Resource<T> resource, Sent sent, int index) {
            String name = resource.name();
            if (good.remove(name) != null || badNames.contains(name)) {
                refuse(name, index, "stands twice in the response", resource.raw());
                return;
            }
            String objection = judge.objection(resource);
            if (objection != null) {
                refuse(name, index, objection, resource.raw());
            } else if (judge.wanted(name)) {
                good.put(name, heldAs(resource, sent));
            }
        }

        /** Only says that the resource lives on. */
        private void heartbeat(Sent sent) {
            Held<T> before = held.get(sent.name());
            if (before != null) {
                good.put(sent.name(), before.until(end(sent)));
            }
        }

        private void refuse(String name, int index, String why, Any raw) {
            String what = name.isEmpty() ? "resources[" + index + "]" : type.word() + " `" + name + "`";
            namelessRefused = namelessRefused || name.isEmpty();
            if (badNames.add(name)) {
                bad.add(new Rejection(answer.version(), what + ": " + why, now, name, raw));
            }
        }

        Map<String, Held<T>> lastGood() {
            Map<String, Held<T>> kept = new LinkedHashMap<>();
            for (String name : badNames) {
                Held<T> before = held.get(name);
                if (before != null) {
                    kept.put(name, before);
                }
            }
            return kept;
        }

        /** An unchanged resource keeps its parsed value, so that the engine sees at once that nothing changed. */
        private Held<T> heldAs(Resource<T> resource, Sent sent) {
            Held<T> before = held.get(resource.name());
            if (before == null || !before.resource().raw().equals(resource.raw())) {
                return new Held<>(resource, sent.version(), now, end(sent));
            }
            // In state of the world the version is that of the response, and it did not change this resource.
            boolean own = !sent.version().equals(answer.version());
            return new Held<>(before.resource(), own ? sent.version() : before.version(), before.updated(), end(sent));
        }

        private @Nullable Instant end(Sent sent) {
            Duration ttl = sent.ttl();
            return ttl == null ? null : now.plus(ttl);
        }
    }

    /** Takes away what has outlived its time. @return whether anything was */
    boolean expire(Instant now) {
        Map<String, Held<T>> alive = new LinkedHashMap<>();
        held.forEach((name, of) -> {
            Instant end = of.expires();
            if (end == null || end.isAfter(now)) {
                alive.put(name, of);
            }
        });
        boolean any = alive.size() < held.size();
        held = alive;
        return any;
    }

    /** When the next resource has outlived its time, or null. */
    @Nullable
    Instant nextEnd() {
        return held.values().stream()
                .map(Held::expires)
                .filter(end -> end != null)
                .min(Instant::compareTo)
                .orElse(null);
    }
}
