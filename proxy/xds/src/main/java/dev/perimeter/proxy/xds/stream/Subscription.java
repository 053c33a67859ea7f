package dev.perimeter.proxy.xds.stream;

import dev.perimeter.proxy.xds.transport.Answer;
import dev.perimeter.proxy.xds.transport.Ask;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The state-of-the-world protocol for one type: which version was accepted, which nonce is to be answered, which names
 * are asked for. Pure: it says what to send and sends nothing.
 */
final class Subscription {

    private final ResourceType type;
    private Set<String> names = Set.of();
    private String version = "";
    private String nonce = "";
    private boolean streamOpen;
    private boolean asked;
    private long acks;
    private long nacks;

    Subscription(ResourceType type) {
        this.type = type;
    }

    /**
     * The first request on a new stream, or null when nothing is asked for yet: servers take an empty list in a first
     * request for all there are, also for types that are asked for by name.
     *
     * @param complete whether everything asked for is there; if not, no version is told, so that all is sent again
     */
    @Nullable
    Ask streamOpened(boolean complete) {
        streamOpen = true;
        nonce = "";
        asked = false;
        return first(complete ? version : "");
    }

    void streamClosed() {
        streamOpen = false;
        asked = false;
        nonce = "";
    }

    /** The request that follows from new names, or null when there is none to send. */
    @Nullable
    Ask subscribe(Set<String> wanted) {
        if (names.equals(wanted)) {
            return null;
        }
        names = Set.copyOf(wanted);
        if (!streamOpen) {
            return null;
        }
        return asked ? ask(version, null) : first(version);
    }

    /** ACK. */
    Ask accepted(Answer answer) {
        version = answer.version();
        nonce = answer.nonce();
        acks++;
        return ask(version, null);
    }

    /** NACK: the version stays, and the sentence says why. */
    Ask refused(Answer answer, String sentence) {
        nonce = answer.nonce();
        nacks++;
        return ask(version, sentence);
    }

    /** Whether a response of this type was asked for on the present stream. */
    boolean asked() {
        return asked;
    }

    String version() {
        return version;
    }

    /** Responses accepted so far. */
    long acks() {
        return acks;
    }

    /** Responses refused so far. */
    long nacks() {
        return nacks;
    }

    Set<String> names() {
        return names;
    }

    private @Nullable Ask first(String knownVersion) {
        if (names.isEmpty() && !type.wildcard()) {
            return null;
        }
        asked = true;
        return ask(knownVersion, null);
    }

    private Ask ask(String knownVersion, @Nullable String error) {
        return new Ask(type, knownVersion, nonce, List.copyOf(new TreeSet<>(names)), error);
    }
}
