package dev.perimeter.proxy.accept;

import dev.perimeter.proxy.snapshot.FilterChainMatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the filter chain of a connection. The criteria are looked at in Envoy's order, the most specific value of each
 * first, and a choice once made is not taken back when a later criterion does not fit (Envoy: FilterChainMatch).
 * Immutable; criteria that no chain of a listener uses cost nothing.
 */
public final class ChainIndex {

    /** No chain fits. */
    public static final int NONE = -1;

    private final Criterion root;
    private final @Nullable String problem;

    private ChainIndex(Criterion root, @Nullable String problem) {
        this.root = root;
        this.problem = problem;
    }

    /** @param matches of the chains in the order of the config; a found chain is named by its place in this list */
    public static ChainIndex of(List<FilterChainMatch> matches) {
        List<CriterionBuilder.Candidate> all = new ArrayList<>(matches.size());
        for (int i = 0; i < matches.size(); i++) {
            all.add(new CriterionBuilder.Candidate(i, matches.get(i)));
        }
        CriterionBuilder builder = new CriterionBuilder();
        Criterion root = builder.build(all);
        return new ChainIndex(root, builder.problem());
    }

    /** A sentence when two chains would take the same connections, of which Envoy refuses to choose one. */
    public @Nullable String problem() {
        return problem;
    }

    /** The place of the chain that takes the connection, or {@link #NONE}. */
    public int find(ConnectionFacts facts) {
        return root.find(facts);
    }

    /**
     * Whether the first bytes may make a difference, by what is known from the socket alone. Where they do not, nobody
     * waits for them: a server-first protocol on a port of its own works at once.
     */
    public boolean dependsOnBytes(ConnectionFacts facts) {
        return root.dependsOnBytes(facts);
    }
}
