package dev.perimeter.proxy.cluster;

import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The endpoints of one set with their state, by address. Immutable but for the states. */
public final class Hosts {

    public static final Hosts NONE = new Hosts(List.of());

    private final List<Host> all;
    private final Map<InetSocketAddress, Host> byAddress = new HashMap<>();

    private Hosts(List<Host> all) {
        this.all = all;
        all.forEach(host -> byAddress.put(host.endpoint().address(), host));
    }

    /** @param before where the state of an endpoint that stays comes from */
    public static Hosts of(EndpointSet endpoints, Hosts before, Supplier<EndpointState> fresh) {
        List<Host> hosts = new ArrayList<>(endpoints.endpoints().size());
        for (Endpoint endpoint : endpoints.endpoints()) {
            Host known = before.byAddress.get(endpoint.address());
            hosts.add(new Host(endpoint, known == null ? fresh.get() : known.state()));
        }
        return new Hosts(List.copyOf(hosts));
    }

    public List<Host> all() {
        return all;
    }

    public @Nullable Host at(InetSocketAddress address) {
        return byAddress.get(address);
    }

    /** @throws IllegalStateException for an endpoint of another set */
    public EndpointState state(Endpoint endpoint) {
        Host host = byAddress.get(endpoint.address());
        if (host == null) {
            throw new IllegalStateException("not an endpoint of this cluster: " + endpoint.address());
        }
        return host.state();
    }
}
