package dev.perimeter.proxy.balance.spread;

import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.cluster.LoadBalancing;

/** What a spread is made by. @param loops number of event loops */
record SpreadRules(LoadBalancing balancing, EndpointSet.Policy endpoints, int loops) {}
