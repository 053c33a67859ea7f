package dev.perimeter.proxy.xds.world;

import dev.perimeter.proxy.xds.source.Named;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How long a named resource is waited for before the rest goes on without it (Envoy: {@code initial_fetch_timeout}). Time
 * counts only while there is a stream that could bring it.
 */
public final class Patience {

    private record Wait(Instant since, Duration longest) {

        /** Null when it has none. */
        @Nullable
        Instant end() {
            return longest.isZero() ? null : since.plus(longest);
        }

        boolean isOver(Instant now) {
            Instant end = end();
            return end != null && !now.isBefore(end);
        }
    }

    private final Map<Named, Wait> waits = new TreeMap<>();
    private final Set<Named> givenUp = new HashSet<>();

    /**
     * Looks at the clock.
     *
     * @param missing all that is missing now
     * @param longest how long each is waited for; zero for as long as it takes
     * @param absent those of which the server said that they are not there
     * @param connected whether a missing one could come
     * @return what was given up just now
     */
    public Set<Named> look(
            Set<Named> missing,
            Function<Named, Duration> longest,
            Predicate<Named> absent,
            Predicate<Named> connected,
            Instant now) {
        givenUp.retainAll(missing);
        waits.keySet().retainAll(missing);
        Set<Named> over = new TreeSet<>();
        for (Named name : missing) {
            if (givenUp.contains(name)) {
                continue;
            }
            if (!connected.test(name)) {
                waits.remove(name);
                continue;
            }
            Wait before = waits.get(name);
            Wait wait = new Wait(before == null ? now : before.since(), longest.apply(name));
            waits.put(name, wait);
            if (absent.test(name) || wait.isOver(now)) {
                givenUp.add(name);
                waits.remove(name);
                over.add(name);
            }
        }
        return over;
    }

    public boolean hasGivenUp(Named name) {
        return givenUp.contains(name);
    }

    public Set<Named> givenUp() {
        return new TreeSet<>(givenUp);
    }

    /** When the first wait is over, or null when nothing is waited for that long. */
    @Nullable
    public Instant nextEnd() {
        Instant first = null;
        for (Wait wait : waits.values()) {
            Instant end = wait.end();
            first = end == null || first != null && first.isBefore(end) ? first : end;
        }
        return first;
    }
}
