package dev.perimeter.proxy.xds.protocol;

import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.transport.Answer;
import dev.perimeter.proxy.xds.transport.Ask;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** State of the world: each response of a type that is asked for as a whole replaces the one before. */
final class WorldSubscription implements Subscription {

    private final ResourceType type;
    private Set<String> names = Set.of();
    private String version = "";
    private String nonce = "";
    private boolean streamOpen;
    private boolean asked;
    private boolean named;
    private long acks;
    private long nacks;

    WorldSubscription(ResourceType type) {
        this.type = type;
    }

    /** If something is missing no version is told, so that all is sent again. */
    @Override
    public @Nullable Ask streamOpened(Map<String, String> held, boolean complete) {
        streamOpen = true;
        nonce = "";
        asked = false;
        named = false;
        return first(complete ? version : "");
    }

    @Override
    public void streamClosed() {
        streamOpen = false;
        asked = false;
        nonce = "";
    }

    @Override
    public @Nullable Ask subscribe(Set<String> wanted) {
        if (names.equals(wanted)) {
            return null;
        }
        names = Set.copyOf(wanted);
        if (!streamOpen) {
            return null;
        }
        return asked ? ask(version, null) : first(version);
    }

    @Override
    public Ask accepted(Answer answer) {
        version = answer.version();
        nonce = answer.nonce();
        acks++;
        return ask(version, null);
    }

    /** The version stays, which is how the server knows a NACK. */
    @Override
    public Ask refused(Answer answer, String sentence) {
        nonce = answer.nonce();
        nacks++;
        return ask(version, sentence);
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

    /** Clusters and listeners come whole; of the others a response may hold any part. */
    @Override
    public boolean wholeAnswers() {
        return type.wildcard();
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

    private @Nullable Ask first(String knownVersion) {
        if (names.isEmpty()) {
            return null;
        }
        asked = true;
        return ask(knownVersion, null);
    }

    /** All there are is asked for by no name at all, which old servers know too, unless names stand beside it. */
    private Ask ask(String knownVersion, @Nullable String error) {
        named = named || !names.equals(Set.of(ALL));
        List<String> listed = named ? List.copyOf(new TreeSet<>(names)) : List.of();
        return new Ask.World(type, knownVersion, nonce, listed, error);
    }
}
