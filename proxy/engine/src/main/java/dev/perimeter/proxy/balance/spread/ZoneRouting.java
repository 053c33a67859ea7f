package dev.perimeter.proxy.balance.spread;

import dev.perimeter.proxy.balance.Tier;
import dev.perimeter.proxy.cluster.EndpointSet.Locality;
import dev.perimeter.proxy.cluster.LoadBalancing.ZoneAware;
import java.util.List;

/**
 * Zone aware routing (Envoy, "Zone aware routing"): if every instance of what this proxy serves sends evenly, how much
 * may stay in the own locality so that no upstream locality gets more than its share of endpoints? What may not stay
 * goes to localities with endpoints to spare, in that proportion. While the local cluster is in panic, locality does not
 * count.
 */
record ZoneRouting(ZoneAware rules, Spread.Origin origin, double panicThreshold) {

    /** One for each locality; empty when locality does not count. */
    double[] shares(List<LocalityHosts> upstream) {
        long healthy = upstream.stream()
                .mapToInt(locality -> locality.members().size())
                .sum();
        List<LocalityHosts> local = LocalityHosts.of(origin.hosts().all(), Tier.HEALTHY);
        long senders =
                local.stream().mapToInt(locality -> locality.members().size()).sum();
        int own = own(upstream);
        boolean panic = 100.0 * senders < panicThreshold * origin.hosts().all().size();
        if (panic || upstream.size() < 2 || own < 0 || healthy < rules.minClusterSize() || senders == 0) {
            return new double[0];
        }
        double[] routed = routed(upstream, local, own, healthy, senders);
        double zone = rules.percent() / 100;
        for (int i = 0; i < routed.length; i++) {
            double even = (double) upstream.get(i).members().size() / healthy;
            routed[i] = zone * routed[i] + (1 - zone) * even;
        }
        return routed;
    }

    private double[] routed(
            List<LocalityHosts> upstream, List<LocalityHosts> local, int own, long healthy, long senders) {
        double[] shares = new double[upstream.size()];
        double ownUpstream = (double) upstream.get(own).members().size() / healthy;
        double ownSenders = part(local, upstream.get(own).place(), senders);
        if (ownUpstream >= ownSenders) {
            shares[own] = 1;
            return shares;
        }
        shares[own] = ownUpstream / ownSenders;
        double[] spare = new double[upstream.size()];
        double sum = 0;
        for (int i = 0; i < spare.length; i++) {
            LocalityHosts locality = upstream.get(i);
            double part = (double) locality.members().size() / healthy;
            spare[i] = i == own ? 0 : Math.max(0, part - part(local, locality.place(), senders));
            sum += spare[i];
        }
        for (int i = 0; i < shares.length && sum > 0; i++) {
            shares[i] += (1 - shares[own]) * (i == own ? 0 : spare[i] / sum);
        }
        return shares;
    }

    private static double part(List<LocalityHosts> local, Locality place, long senders) {
        for (LocalityHosts locality : local) {
            if (locality.place().samePlace(place)) {
                return (double) locality.members().size() / senders;
            }
        }
        return 0;
    }

    private int own(List<LocalityHosts> upstream) {
        for (int i = 0; i < upstream.size(); i++) {
            if (upstream.get(i).place().samePlace(origin.place())
                    && !upstream.get(i).members().isEmpty()) {
                return i;
            }
        }
        return -1;
    }
}
