package dev.perimeter.proxy.balance;

import java.util.List;

/** The catalogue of load balancing policies, each with Envoy's default settings; a new one is one line here. */
public final class Balancers {

    public static final BalancerKind ROUND_ROBIN = RoundRobin.DEFAULTS;

    public static final List<BalancerKind> ALL =
            List.of(ROUND_ROBIN, LeastRequest.DEFAULTS, RandomChoice.DEFAULTS, RingHash.DEFAULTS, Maglev.DEFAULTS);

    private Balancers() {}
}
