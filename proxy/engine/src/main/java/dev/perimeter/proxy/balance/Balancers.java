package dev.perimeter.proxy.balance;

import java.util.List;

/** The catalogue of load balancing policies; a new one is one line here. */
public final class Balancers {

    public static final BalancerKind ROUND_ROBIN = new RoundRobin();

    public static final List<BalancerKind> ALL = List.of(ROUND_ROBIN);

    private Balancers() {}
}
