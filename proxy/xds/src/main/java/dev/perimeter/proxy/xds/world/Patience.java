package dev.perimeter.proxy.xds.world;

import dev.perimeter.proxy.xds.source.Named;
import dev.perimeter.proxy.xds.source.ResourceType;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How long a named resource is waited for before the rest goes on without it. Time counts only while there is a stream
 * that could bring it.
 */
public final class Patience {

    /** Envoy's {@code initial_fetch_timeout}. */
    public static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

    /**
     * Of a cluster that a route mentions. A server that does not keep the order of the protocol is forgiven that long; a
     * route to a cluster that never comes is legal.
     */
    public static final Duration CLUSTER_WAIT = Duration.ofSeconds(5);

    private final Map<Named, Instant> waitingSince = new TreeMap<>();
    private final Set<Named> givenUp = new HashSet<>();

    /**
     * Looks at the clock.
     *
     * @param missing all that is missing now
     * @param absent those of which the server said that they are not there
     * @param connected whether a missing one could come
     * @return what was given up just now
     */
    public Set<Named> look(Set<Named> missing, Predicate<Named> absent, Predicate<Named> connected, Instant now) {
        givenUp.retainAll(missing);
        waitingSince.keySet().retainAll(missing);
        Set<Named> over = new TreeSet<>();
        for (Named name : missing) {
            if (givenUp.contains(name)) {
                continue;
            }
            if (!connected.test(name)) {
                waitingSince.remove(name);
                continue;
            }
            Instant since = waitingSince.computeIfAbsent(name, n -> now);
            if (absent.test(name) || Duration.between(since, now).compareTo(longest(name)) >= 0) {
                givenUp.add(name);
                waitingSince.remove(name);
                over.add(name);
            }
        }
        return over;
    }

    static Duration longest(Named name) {
        return name.type() == ResourceType.CLUSTER ? CLUSTER_WAIT : LONGEST_WAIT;
    }

    public boolean hasGivenUp(Named name) {
        return givenUp.contains(name);
    }

    public Set<Named> givenUp() {
        return new TreeSet<>(givenUp);
    }

    /** When the first wait is over, or null when nothing is waited for. */
    @Nullable
    public Instant nextEnd() {
        return waitingSince.entrySet().stream()
                .map(entry -> entry.getValue().plus(longest(entry.getKey())))
                .min(Instant::compareTo)
                .orElse(null);
    }
}
