package dev.perimeter.controlplane.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A name for a group of pods.
 *
 * @param selector labels a pod must carry to belong to it; empty selects none
 * @param ports at least one, with distinct names and numbers
 */
public record Service(Meta meta, Map<String, String> selector, List<Port> ports) implements MeshObject {
    public Service {
        selector = Map.copyOf(selector);
        ports = List.copyOf(ports);
    }

    /** The port with that number, if the service has it. */
    public Optional<Port> port(int number) {
        return ports.stream().filter(port -> port.port() == number).findFirst();
    }

    /** Whether a pod with these labels belongs to the service. */
    public boolean selects(Map<String, String> labels) {
        return !selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet());
    }

    /**
     * One port.
     *
     * @param name empty if the service has only this port and gave it none
     * @param port what callers use, 1 to 65535
     * @param target where it leads on the pod
     * @param protocol what is spoken on it
     */
    public record Port(String name, int port, Target target, AppProtocol protocol) {}

    /** A port of a pod, by number or by the name its container gives it. */
    public sealed interface Target {
        /** By number, 1 to 65535. */
        record Number(int port) implements Target {}

        /** By the name of a container port. */
        record Named(String name) implements Target {}
    }
}
