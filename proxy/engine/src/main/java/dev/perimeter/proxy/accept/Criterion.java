package dev.perimeter.proxy.accept;

import dev.perimeter.proxy.snapshot.AddressRange;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One step on the way to a chain; each leads to the next, the last to the place of a chain. */
sealed interface Criterion {

    int find(ConnectionFacts facts);

    /** Whether a step from here on looks at what the bytes say. */
    boolean dependsOnBytes(ConnectionFacts facts);

    /** Found, or not. */
    record Leaf(int chain) implements Criterion {

        static final Leaf NOTHING = new Leaf(ChainIndex.NONE);

        @Override
        public int find(ConnectionFacts facts) {
            return chain;
        }

        @Override
        public boolean dependsOnBytes(ConnectionFacts facts) {
            return false;
        }
    }

    /** A port, exactly. */
    record Port(Function<ConnectionFacts, Integer> port, Map<Integer, Criterion> exact, Criterion others)
            implements Criterion {

        private Criterion next(ConnectionFacts facts) {
            return exact.getOrDefault(port.apply(facts), others);
        }

        @Override
        public int find(ConnectionFacts facts) {
            return next(facts).find(facts);
        }

        @Override
        public boolean dependsOnBytes(ConnectionFacts facts) {
            return next(facts).dependsOnBytes(facts);
        }
    }

    record RangeStep(AddressRange range, Criterion next) {}

    /** An address, the longest prefix first. */
    record Range(Function<ConnectionFacts, @Nullable InetAddress> address, List<RangeStep> ranges, Criterion others)
            implements Criterion {

        private Criterion next(ConnectionFacts facts) {
            InetAddress candidate = address.apply(facts);
            if (candidate != null) {
                for (RangeStep step : ranges) {
                    if (step.range().contains(candidate)) {
                        return step.next();
                    }
                }
            }
            return others;
        }

        @Override
        public int find(ConnectionFacts facts) {
            return next(facts).find(facts);
        }

        @Override
        public boolean dependsOnBytes(ConnectionFacts facts) {
            return next(facts).dependsOnBytes(facts);
        }
    }

    /** A server name: all of it, else the longest suffix, cut at a dot. */
    record ServerName(Map<String, Criterion> names, Criterion others) implements Criterion {

        @Override
        public int find(ConnectionFacts facts) {
            return next(facts.serverName()).find(facts);
        }

        private Criterion next(@Nullable String name) {
            if (name == null) {
                return others;
            }
            Criterion next = names.get(name);
            for (int dot = name.indexOf('.', 1); next == null && dot > 0; dot = name.indexOf('.', dot + 1)) {
                next = names.get(name.substring(dot));
            }
            return next == null ? others : next;
        }

        @Override
        public boolean dependsOnBytes(ConnectionFacts facts) {
            return true;
        }
    }

    /** TLS or not. */
    record TransportProtocol(Map<String, Criterion> protocols, Criterion others) implements Criterion {

        @Override
        public int find(ConnectionFacts facts) {
            return protocols.getOrDefault(facts.transportProtocol(), others).find(facts);
        }

        @Override
        public boolean dependsOnBytes(ConnectionFacts facts) {
            return true;
        }
    }

    /** Any of the protocols the client offers, the one it likes best first. */
    record ApplicationProtocol(Map<String, Criterion> protocols, Criterion others) implements Criterion {

        @Override
        public int find(ConnectionFacts facts) {
            for (String protocol : facts.applicationProtocols()) {
                Criterion next = protocols.get(protocol);
                if (next != null) {
                    return next.find(facts);
                }
            }
            return others.find(facts);
        }

        @Override
        public boolean dependsOnBytes(ConnectionFacts facts) {
            return true;
        }
    }

    /** Whether the client is on this machine. */
    record Source(@Nullable Criterion local, @Nullable Criterion external, Criterion others) implements Criterion {

        private Criterion next(ConnectionFacts facts) {
            Criterion next = facts.isLocal() ? local : external;
            return next == null ? others : next;
        }

        @Override
        public int find(ConnectionFacts facts) {
            return next(facts).find(facts);
        }

        @Override
        public boolean dependsOnBytes(ConnectionFacts facts) {
            return next(facts).dependsOnBytes(facts);
        }
    }
}
