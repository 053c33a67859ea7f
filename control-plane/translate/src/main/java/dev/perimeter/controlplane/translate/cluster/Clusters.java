package dev.perimeter.controlplane.translate.cluster;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import dev.perimeter.controlplane.contract.FilterName;
import dev.perimeter.controlplane.model.AppProtocol;
import dev.perimeter.controlplane.model.EndpointSlice;
import dev.perimeter.controlplane.model.Service;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.EdsClusterConfig;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LbPolicy;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import java.util.List;

/** Makes clusters and their endpoints. */
public final class Clusters {
    /**
     * Inside one site a connection stands after a round trip. Envoy's default of five seconds would use up what most
     * callers are ready to wait; this leaves them time for an endpoint that answers, or for the proxy's own answer.
     */
    private static final Duration CONNECT_TIMEOUT = Durations.fromMillis(500);

    private Clusters() {}

    /** A service port as its callers see it; the endpoints come by EDS under the same name. */
    public static Cluster outbound(String name, AppProtocol protocol) {
        return spokenTo(protocol)
                .setName(name)
                .setType(DiscoveryType.EDS)
                .setEdsClusterConfig(EdsClusterConfig.newBuilder()
                        .setEdsConfig(Sources.ads())
                        .setServiceName(name))
                .setLbPolicy(LbPolicy.ROUND_ROBIN)
                .setConnectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    /** The application beside the proxy. */
    public static Cluster inbound(String name, String address, int port, AppProtocol protocol) {
        return spokenTo(protocol)
                .setName(name)
                .setType(DiscoveryType.STATIC)
                .setConnectTimeout(CONNECT_TIMEOUT)
                .setLoadAssignment(ClusterLoadAssignment.newBuilder()
                        .setClusterName(name)
                        .addEndpoints(LocalityLbEndpoints.newBuilder().addLbEndpoints(endpoint(address, port))))
                .build();
    }

    /** The way to an internal listener of the same name, inside the proxy. */
    public static Cluster internal(String name) {
        return Cluster.newBuilder()
                .setName(name)
                .setType(DiscoveryType.STATIC)
                .setLoadAssignment(ClusterLoadAssignment.newBuilder()
                        .setClusterName(name)
                        .addEndpoints(LocalityLbEndpoints.newBuilder()
                                .addLbEndpoints(LbEndpoint.newBuilder()
                                        .setEndpoint(Endpoint.newBuilder().setAddress(Sources.internal(name))))))
                .build();
    }

    /** HTTP/1.1 is what Envoy speaks unless told; HTTP/2 in the clear needs prior knowledge, and this is it. */
    private static Cluster.Builder spokenTo(AppProtocol protocol) {
        Cluster.Builder cluster = Cluster.newBuilder();
        if (protocol == AppProtocol.H2C) {
            cluster.putTypedExtensionProtocolOptions(
                    FilterName.HTTP_PROTOCOL_OPTIONS,
                    Any.pack(HttpProtocolOptions.newBuilder()
                            .setExplicitHttpConfig(ExplicitHttpConfig.newBuilder()
                                    .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance()))
                            .build()));
        }
        return cluster;
    }

    /**
     * The ready endpoints of a service port, each once, in the order of their addresses. Without any the assignment
     * is there nevertheless: "nobody is ready" is an answer, no answer is not.
     *
     * @param weighted whether to give the only locality a weight, without which gRPC's clients ignore it and which
     *     means nothing to a proxy
     */
    public static ClusterLoadAssignment endpoints(
            String name, Service.Port port, List<EndpointSlice> slices, boolean weighted) {
        LocalityLbEndpoints.Builder locality = LocalityLbEndpoints.newBuilder();
        if (weighted) {
            locality.setLoadBalancingWeight(UInt32Value.of(1));
        }
        slices.stream()
                .flatMap(slice -> slice.ports().stream()
                        .filter(each -> each.name().equals(port.name()))
                        .flatMap(each -> slice.endpoints().stream()
                                .filter(EndpointSlice.Endpoint::ready)
                                .map(endpoint -> new Place(endpoint.address(), each.port()))))
                .distinct()
                .sorted()
                .forEach(place -> locality.addLbEndpoints(endpoint(place.address(), place.port())));
        ClusterLoadAssignment.Builder assignment =
                ClusterLoadAssignment.newBuilder().setClusterName(name);
        return locality.getLbEndpointsCount() == 0
                ? assignment.build()
                : assignment.addEndpoints(locality).build();
    }

    private record Place(String address, int port) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byAddress = address.compareTo(other.address);
            return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
        }
    }

    private static LbEndpoint endpoint(String address, int port) {
        return LbEndpoint.newBuilder()
                .setEndpoint(Endpoint.newBuilder().setAddress(Sources.socket(address, port)))
                .build();
    }
}
