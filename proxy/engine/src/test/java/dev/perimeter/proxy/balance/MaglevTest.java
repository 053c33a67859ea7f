package dev.perimeter.proxy.balance;

import java.util.stream.Stream;

/** The table. */
class MaglevTest extends ConsistentHashTest {

    @Override
    Stream<BalancerKind> policies() {
        return Stream.of(Maglev.DEFAULTS);
    }
}
