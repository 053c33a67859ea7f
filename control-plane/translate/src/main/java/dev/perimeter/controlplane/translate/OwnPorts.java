package dev.perimeter.controlplane.translate;

import dev.perimeter.controlplane.contract.NodeId;
import dev.perimeter.controlplane.model.AppProtocol;
import dev.perimeter.controlplane.model.EndpointSlice;
import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.model.MeshObject;
import dev.perimeter.controlplane.model.Service;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finds the ports of a pod that services lead to. A pod is found ready or not: it must be reachable to become ready. */
final class OwnPorts {
    /**
     * A port of the pod.
     *
     * @param protocol what is spoken on it; bytes if two services disagree, since that is right for both
     * @param causes the services and slices that say so
     */
    record OwnPort(int port, AppProtocol protocol, List<MeshObject> causes) {
        private OwnPort merge(OwnPort other) {
            List<MeshObject> both = new ArrayList<>(causes);
            both.addAll(other.causes);
            return new OwnPort(port, protocol == other.protocol ? protocol : AppProtocol.TCP, both);
        }
    }

    private OwnPorts() {}

    static Collection<OwnPort> of(MeshConfig world, NodeId pod) {
        Map<Integer, OwnPort> found = new TreeMap<>();
        for (EndpointSlice slice : world.all(EndpointSlice.class)) {
            boolean own = slice.meta().namespace().equals(pod.namespace())
                    && slice.endpoints().stream()
                            .anyMatch(endpoint -> pod.name().equals(endpoint.pod()));
            if (own) {
                world.service(slice.meta().namespace(), slice.service())
                        .ifPresent(service -> add(service, slice, found));
            }
        }
        return found.values();
    }

    private static void add(Service service, EndpointSlice slice, Map<Integer, OwnPort> found) {
        for (EndpointSlice.Port port : slice.ports()) {
            for (Service.Port named : service.ports()) {
                if (named.name().equals(port.name())) {
                    found.merge(
                            port.port(),
                            new OwnPort(port.port(), named.protocol(), List.of(service, slice)),
                            OwnPort::merge);
                }
            }
        }
    }
}
