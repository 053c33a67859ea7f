package dev.perimeter.proxy.health.probe;

import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.cluster.UpstreamTransport;
import dev.perimeter.proxy.cluster.health.HealthCheck;
import dev.perimeter.proxy.health.Prober;
import dev.perimeter.proxy.upstream.connect.Connector;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.List;

/** Asks endpoints over connections of its own, on the event loops in turn. Called on the health thread. */
public final class SocketProber implements Prober {

    /** Where checks may run. */
    public record Lane(EventLoop loop, Connector connector) {}

    private final List<Lane> lanes;
    private int next;

    public SocketProber(List<Lane> lanes) {
        this.lanes = List.copyOf(lanes);
    }

    @Override
    public Session open(ClusterConfig cluster, HealthCheck check, Endpoint endpoint) {
        Lane lane = lanes.get(next++ % lanes.size());
        int port = endpoint.check().port();
        InetSocketAddress address = port == 0
                ? endpoint.address()
                : new InetSocketAddress(endpoint.address().getAddress(), port);
        Target target =
                new Target(lane, address, cluster, check, cluster.transport().at(endpoint));
        return switch (check.probe()) {
            case HealthCheck.Http http -> new HttpProbe(target, http, host(http.host(), endpoint, cluster));
            case HealthCheck.Tcp tcp -> new TcpProbe(target, tcp);
            case HealthCheck.Grpc grpc -> new GrpcProbe(target, grpc, host(grpc.authority(), endpoint, cluster));
        };
    }

    private static String host(String ofCheck, Endpoint endpoint, ClusterConfig cluster) {
        if (!endpoint.check().hostname().isEmpty()) {
            return endpoint.check().hostname();
        }
        return ofCheck.isEmpty() ? cluster.name() : ofCheck;
    }

    /** What is asked, and from where. */
    record Target(
            Lane lane,
            InetSocketAddress address,
            ClusterConfig cluster,
            HealthCheck check,
            UpstreamTransport transport) {}
}
