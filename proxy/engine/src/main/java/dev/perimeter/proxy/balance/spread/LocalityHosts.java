package dev.perimeter.proxy.balance.spread;

import dev.perimeter.proxy.balance.Tier;
import dev.perimeter.proxy.cluster.EndpointSet.Locality;
import dev.perimeter.proxy.cluster.Host;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The hosts of one locality that stand in one tier, and how many it has in all. */
record LocalityHosts(Locality place, List<Host> members, int all) {

    private record Key(String region, String zone, String subZone) {}

    /** In the order in which the localities first appear. */
    static List<LocalityHosts> of(List<Host> hosts, Tier tier) {
        Map<Key, List<Host>> byPlace = new LinkedHashMap<>();
        for (Host host : hosts) {
            Locality place = host.endpoint().locality();
            byPlace.computeIfAbsent(new Key(place.region(), place.zone(), place.subZone()), key -> new ArrayList<>())
                    .add(host);
        }
        List<LocalityHosts> localities = new ArrayList<>();
        for (List<Host> here : byPlace.values()) {
            List<Host> members = here.stream().filter(tier::takes).toList();
            localities.add(new LocalityHosts(here.getFirst().endpoint().locality(), members, here.size()));
        }
        return localities;
    }

    double weightOfMembers() {
        return members.stream().mapToDouble(host -> host.endpoint().weight()).sum();
    }

    /**
     * Envoy, "Locality weighted load balancing": the weight times how much of the locality is there, taken {@code
     * overprovisioning} times. Empty when no locality that has anybody has a weight.
     */
    static double[] weights(List<LocalityHosts> localities, int overprovisioningPercent) {
        double[] weights = new double[localities.size()];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            LocalityHosts locality = localities.get(i);
            double there = (double) locality.members.size() / locality.all;
            weights[i] = locality.place.weight() * Math.min(1, there * overprovisioningPercent / 100);
            sum += weights[i];
        }
        return sum == 0 ? new double[0] : weights;
    }
}
