package dev.perimeter.proxy.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.perimeter.proxy.differential.Requests.Case;
import dev.perimeter.proxy.story.PlainProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Thousands of requests, good and hostile, through our proxy and through others. What ours lets out has one meaning
 * whoever reads it, and the same as what the others let out; where they differ, {@link KnownDifferences} says why.
 */
class DifferentialTest {

    private static final long SEED = Long.getLong("perimeter.differential.seed", 20261123);
    private static final int CASES = Integer.getInteger("perimeter.differential.cases", 2000);
    private static final int LANES = 24;

    /** How long a client waits for more, in milliseconds; a difference counts only after the longest. */
    private static final List<Integer> PATIENCE = List.of(120, 600, 2500);

    @TempDir
    static Path folder;

    private static final Set<String> ambiguous = new ConcurrentSkipListSet<>();
    private static final Map<Peer.Kind, Set<String>> unknown = new EnumMap<>(Peer.Kind.class);
    private static final Map<Peer.Kind, Set<String>> used = new EnumMap<>(Peer.Kind.class);

    /** A peer with the upstreams of its lanes. */
    private record Rival(Peer.Kind kind, Peer peer, List<Lane> lanes) implements AutoCloseable {

        static Rival start(Peer.Kind kind) throws IOException {
            List<Lane> lanes = new ArrayList<>();
            for (int i = 0; i < LANES; i++) {
                lanes.add(new Lane());
            }
            return new Rival(kind, new Peer(kind, lanes, folder), lanes);
        }

        @Override
        public void close() {
            peer.close();
            lanes.forEach(Lane::close);
        }
    }

    /** Lanes run beside each other, the cases of a lane one after the other. */
    @BeforeAll
    static void sendAll() throws Exception {
        List<Case> cases = Requests.generate(SEED, CASES);
        List<Rival> rivals = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Peer.Kind kind : Peer.Kind.values()) {
                unknown.put(kind, new ConcurrentSkipListSet<>());
                used.put(kind, new ConcurrentSkipListSet<>());
                if (kind.find().isPresent()) {
                    rivals.add(Rival.start(kind));
                }
            }
            List<Future<?>> lanes = new ArrayList<>();
            for (int i = 0; i < LANES; i++) {
                int number = i;
                lanes.add(threads.submit(() -> {
                    try (Lane lane = new Lane();
                            PlainProxy proxy = new PlainProxy(lane.address())) {
                        for (int c = number; c < cases.size(); c += LANES) {
                            compare(cases.get(c), number, lane, proxy, rivals);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> lane : lanes) {
                lane.get();
            }
        } finally {
            rivals.forEach(Rival::close);
        }
    }

    private static void compare(Case each, int number, Lane lane, PlainProxy proxy, List<Rival> rivals)
            throws IOException {
        Outcome ours = Outcome.of(each.bytes(), proxy.address(), lane, PATIENCE.getFirst());
        if (!ours.objections().isEmpty()
                || ours.forwarded().size() > 2
                || ours.statuses().contains(500)) {
            ambiguous.add(each + ": " + ours);
        }
        for (Rival rival : rivals) {
            String difference = null;
            for (int patience : PATIENCE) {
                // A machine that pauses looks like a proxy that waits: so look again, longer, before it counts.
                Outcome again = patience == PATIENCE.getFirst()
                        ? ours
                        : Outcome.of(each.bytes(), proxy.address(), lane, patience);
                Outcome theirs = Outcome.of(
                        each.bytes(),
                        rival.peer().address(number),
                        rival.lanes().get(number),
                        patience);
                difference = KnownDifferences.between(rival.kind(), each, again, theirs, used.get(rival.kind()));
                if (difference == null) {
                    break;
                }
            }
            if (difference != null) {
                unknown.get(rival.kind()).add(difference);
            }
        }
    }

    @Test
    void whatComesOut_hasOneMeaning() {
        assertThat(ambiguous).as("seed %d", SEED).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Peer.Kind.class)
    void whatComesOut_isWhatThePeerLetsOut(Peer.Kind kind) {
        assumeTrue(kind.find().isPresent(), kind.program + " is not installed");

        assertThat(unknown.get(kind)).as("seed %d", SEED).isEmpty();
        assertThat(KnownDifferences.unused(kind, used.get(kind)))
                .as("differences that are no more")
                .isEmpty();
    }
}
