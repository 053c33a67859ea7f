package dev.perimeter.proxy.cluster;

import dev.perimeter.proxy.balance.BalancerKind;

/** How an endpoint is chosen among those of a cluster. */
public record LoadBalancing(BalancerKind policy) {}
