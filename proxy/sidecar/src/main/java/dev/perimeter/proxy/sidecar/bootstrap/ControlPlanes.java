package dev.perimeter.proxy.sidecar.bootstrap;

import dev.perimeter.proxy.xds.transport.ControlPlane;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The static clusters from which configuration comes. Read without protobuf, as every start has to wait for this. */
final class ControlPlanes {

    private static final Set<String> TYPES = Set.of("STATIC", "STRICT_DNS", "LOGICAL_DNS");

    private ControlPlanes() {}

    /** @param names those that must be there */
    static Map<String, ControlPlane> read(List<Section> clusters, Set<String> names, Section resources) {
        Map<String, ControlPlane> found = new LinkedHashMap<>();
        for (Section cluster : clusters) {
            String name = cluster.text("name");
            if (names.contains(name)) {
                found.put(name, read(cluster, name));
            }
        }
        for (String name : names) {
            if (!found.containsKey(name)) {
                resources.refuse("clusters", "there is no cluster `" + name + "`, which dynamic_resources names");
            }
        }
        return found;
    }

    private static ControlPlane read(Section cluster, String name) {
        String type = cluster.text("type", "STATIC");
        if (!TYPES.contains(type)) {
            cluster.refuse(
                    "type",
                    "`" + type + "` is not supported for a control plane, only STATIC, STRICT_DNS and"
                            + " LOGICAL_DNS are");
        }
        // The attempt to connect has a bound of its own, and endpoints are tried in turn.
        cluster.accept("connect_timeout", "lb_policy", "dns_lookup_family", "respect_dns_ttl", "dns_refresh_rate");
        Section assignment = cluster.section("load_assignment");
        if (!assignment.text("cluster_name", name).equals(name)) {
            assignment.refuse("cluster_name", "must be `" + name + "`");
        }
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (Section locality : assignment.list("endpoints", true)) {
            for (Section host : locality.list("lb_endpoints", true)) {
                Section endpoint = host.section("endpoint");
                addresses.add(SocketAddresses.read(endpoint, 1, !type.equals("STATIC")));
                endpoint.end();
                host.end();
            }
            locality.end();
        }
        if (addresses.isEmpty()) {
            assignment.refuse("endpoints", "must not be empty");
            addresses.add(InetSocketAddress.createUnresolved("nowhere", 1));
        }
        assignment.end();
        ControlPlane controlPlane = new ControlPlane(name, addresses, UpstreamHttp2.keepalive(cluster));
        cluster.end();
        return controlPlane;
    }
}
