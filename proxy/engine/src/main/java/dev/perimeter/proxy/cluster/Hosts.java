package dev.perimeter.proxy.cluster;

import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The endpoints of one set with their state, by address. Safe to ask on any thread. */
public final class Hosts {

    /** So many hosts that came on demand are kept although nobody is connected to them. */
    private static final int KEPT = 512;

    public static final Hosts NONE = new Hosts(List.of(), Map.of(), null);

    private final List<Host> listed;
    private final Map<InetSocketAddress, Host> byAddress;
    private final @Nullable Supplier<EndpointState> fresh;

    private Hosts(List<Host> listed, Map<InetSocketAddress, Host> byAddress, @Nullable Supplier<EndpointState> fresh) {
        this.listed = listed;
        this.byAddress = byAddress;
        this.fresh = fresh;
    }

    /** @param before where the state of an endpoint that stays comes from */
    public static Hosts of(EndpointSet endpoints, Hosts before, Supplier<EndpointState> fresh) {
        List<Host> hosts = endpoints.endpoints().stream()
                .map(endpoint -> {
                    Host known = before.byAddress.get(endpoint.address());
                    return new Host(endpoint, known == null ? fresh.get() : known.state());
                })
                .toList();
        return new Hosts(
                hosts,
                hosts.stream()
                        .collect(Collectors.toMap(
                                host -> host.endpoint().address(), host -> host, (one, other) -> other)),
                null);
    }

    /** Any address is an endpoint once it is asked for, and for as long as somebody is connected to it. */
    public static Hosts onDemand(Supplier<EndpointState> fresh) {
        return new Hosts(List.of(), new ConcurrentHashMap<>(), fresh);
    }

    public List<Host> all() {
        return fresh == null ? listed : List.copyOf(byAddress.values());
    }

    public @Nullable Host at(InetSocketAddress address) {
        Host host = byAddress.get(address);
        return host == null && fresh != null ? add(address, fresh) : host;
    }

    private Host add(InetSocketAddress address, Supplier<EndpointState> state) {
        if (byAddress.size() >= KEPT) {
            byAddress.values().removeIf(host -> host.state().isUnused());
        }
        return byAddress.computeIfAbsent(address, key -> new Host(new Endpoint(key, 1, true), state.get()));
    }

    /** @throws IllegalStateException for an endpoint of another set */
    public EndpointState state(Endpoint endpoint) {
        Host host = at(endpoint.address());
        if (host == null) {
            throw new IllegalStateException("not an endpoint of this cluster: " + endpoint.address());
        }
        return host.state();
    }
}
