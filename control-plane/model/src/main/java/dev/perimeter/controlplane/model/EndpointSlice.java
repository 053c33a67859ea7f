package dev.perimeter.controlplane.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where some of a service's pods are and whether they may get calls; written by whoever runs the pods.
 *
 * @param service the name of the service in the same namespace, from the label {@code kubernetes.io/service-name}
 * @param endpoints one per pod
 * @param ports the pods' ports, matched to the service's ports by name
 */
public record EndpointSlice(Meta meta, String service, List<Endpoint> endpoints, List<Port> ports)
        implements MeshObject {
    /** The label that names the service a slice belongs to. */
    public static final String SERVICE_LABEL = "kubernetes.io/service-name";

    public EndpointSlice {
        endpoints = List.copyOf(endpoints);
        ports = List.copyOf(ports);
    }

    /**
     * One pod's place.
     *
     * @param address an IPv4 address
     * @param ready whether it may get calls
     * @param pod the pod's name, null if the endpoint is none
     */
    public record Endpoint(
            String address, boolean ready, @Nullable String pod) {}

    /**
     * One port of all the endpoints.
     *
     * @param name the name of the service port it answers for; empty for the only port of a service
     * @param port 1 to 65535
     */
    public record Port(String name, int port) {}
}
