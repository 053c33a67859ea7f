package dev.perimeter.proxy.xds.stream;

import dev.perimeter.proxy.xds.stream.Warming.Named;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How long a named resource is waited for before the rest goes on without it. Time counts only while there is a stream;
 * 15 s is Envoy's {@code initial_fetch_timeout}.
 */
final class FirstFetch {

    static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

    private final Map<Named, Instant> waitingSince = new TreeMap<>();
    private final Set<Named> givenUp = new HashSet<>();

    /** What is still worth waiting for, of what is missing now. */
    Set<Named> awaited(Set<Named> missing, boolean connected, Instant now) {
        givenUp.retainAll(missing);
        waitingSince.keySet().retainAll(missing);
        if (!connected) {
            waitingSince.clear();
        }
        Set<Named> awaited = new TreeSet<>();
        for (Named name : missing) {
            if (givenUp.contains(name)) {
                continue;
            }
            Instant since = connected ? waitingSince.computeIfAbsent(name, n -> now) : now;
            if (Duration.between(since, now).compareTo(LONGEST_WAIT) >= 0) {
                givenUp.add(name);
                waitingSince.remove(name);
            } else {
                awaited.add(name);
            }
        }
        return awaited;
    }

    Set<Named> givenUp() {
        return new TreeSet<>(givenUp);
    }

    /** How long until the first wait is over, or null when nothing is waited for. */
    @Nullable
    Duration untilNext(Instant now) {
        return waitingSince.values().stream()
                .min(Instant::compareTo)
                .map(since -> Duration.between(now, since.plus(LONGEST_WAIT)))
                .orElse(null);
    }
}
