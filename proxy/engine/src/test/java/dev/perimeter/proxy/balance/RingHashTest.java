package dev.perimeter.proxy.balance;

import dev.perimeter.proxy.balance.hash.HashFunction;
import java.util.stream.Stream;

/** The ring, with each hash function. */
class RingHashTest extends ConsistentHashTest {

    @Override
    Stream<BalancerKind> policies() {
        return Stream.of(HashFunction.values()).map(function -> new RingHash(4096, RingHash.LARGEST, function, false));
    }
}
