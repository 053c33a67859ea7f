package dev.perimeter.proxy.xds.protocol;

import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.transport.Answer;
import dev.perimeter.proxy.xds.transport.Ask;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One type of resource on one stream after the other: which names are asked for, what was accepted, which response is to
 * be answered. Pure: it says what to send and sends nothing. Used by the control thread.
 *
 * <p>Source: Envoy's "xDS REST and gRPC protocol".
 */
public sealed interface Subscription permits WorldSubscription, DeltaSubscription {

    /** The name that stands for all resources there are. */
    String ALL = "*";

    static Subscription of(ResourceType type, boolean delta) {
        return delta ? new DeltaSubscription(type) : new WorldSubscription(type);
    }

    /**
     * The first request on a new stream, or null when nothing is asked for yet: servers take an empty list in a first
     * request for all there are, also for types that are asked for by name.
     *
     * @param held the version of each resource that is there already, by name
     * @param complete whether everything asked for is there
     */
    @Nullable
    Ask streamOpened(Map<String, String> held, boolean complete);

    void streamClosed();

    /** The request that follows from new names, or null when there is none to send. */
    @Nullable
    Ask subscribe(Set<String> wanted);

    /** ACK. */
    Ask accepted(Answer answer);

    /** NACK: the sentence says why. What was good in the response may be in use nevertheless. */
    Ask refused(Answer answer, String sentence);

    /** What was accepted before the process began: told when a stream opens. */
    void restore(String version);

    /** Whether a response of this type was asked for on the present stream. */
    boolean asked();

    /** The names asked for, {@link #ALL} among them if all are. */
    Set<String> names();

    /** Whether a response holds all there is, so that what is left out is gone. */
    boolean wholeAnswers();

    /** The last version that was accepted, empty if none was. */
    String version();

    /** Responses accepted so far. */
    long acks();

    /** Responses refused so far. */
    long nacks();
}
