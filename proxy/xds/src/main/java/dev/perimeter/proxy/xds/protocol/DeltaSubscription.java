package dev.perimeter.proxy.xds.protocol;

import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.transport.Answer;
import dev.perimeter.proxy.xds.transport.Ask;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The incremental variant: names are added and taken away, responses hold what changed and what is gone. */
final class DeltaSubscription implements Subscription {

    private final ResourceType type;
    private Set<String> names = Set.of();
    private String version = "";
    private boolean streamOpen;
    private boolean asked;
    private boolean named;
    private long acks;
    private long nacks;

    DeltaSubscription(ResourceType type) {
        this.type = type;
    }

    @Override
    public @Nullable Ask streamOpened(Map<String, String> held, boolean complete) {
        streamOpen = true;
        asked = false;
        named = false;
        return first(held);
    }

    @Override
    public void streamClosed() {
        streamOpen = false;
        asked = false;
    }

    @Override
    public @Nullable Ask subscribe(Set<String> wanted) {
        if (names.equals(wanted)) {
            return null;
        }
        Set<String> before = names;
        names = Set.copyOf(wanted);
        if (!streamOpen) {
            return null;
        }
        if (!asked) {
            return first(Map.of());
        }
        Set<String> added = new TreeSet<>(names);
        added.removeAll(before);
        Set<String> gone = new TreeSet<>(before);
        gone.removeAll(names);
        if (!named) {
            // All were asked for by no name at all. Now that names come, it must be said whether all stay asked for.
            named = true;
            if (names.contains(ALL)) {
                added.add(ALL);
            }
        }
        return new Ask.Delta(type, "", List.copyOf(added), List.copyOf(gone), Map.of(), null);
    }

    @Override
    public Ask accepted(Answer answer) {
        version = answer.version();
        acks++;
        return answer(answer, null);
    }

    @Override
    public Ask refused(Answer answer, String sentence) {
        nacks++;
        return answer(answer, sentence);
    }

    private Ask answer(Answer answer, @Nullable String error) {
        return new Ask.Delta(type, answer.nonce(), List.of(), List.of(), Map.of(), error);
    }

    @Override
    public void restore(String known) {
        version = known;
    }

    @Override
    public boolean asked() {
        return asked;
    }

    @Override
    public Set<String> names() {
        return names;
    }

    @Override
    public boolean wholeAnswers() {
        return false;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public long acks() {
        return acks;
    }

    @Override
    public long nacks() {
        return nacks;
    }

    private @Nullable Ask first(Map<String, String> held) {
        if (names.isEmpty()) {
            return null;
        }
        asked = true;
        named = !names.equals(Set.of(ALL));
        return new Ask.Delta(
                type, "", named ? List.copyOf(new TreeSet<>(names)) : List.of(), List.of(), new TreeMap<>(held), null);
    }
}
