package dev.perimeter.controlplane.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Some identical pods, in the subset a local node needs to run them as processes.
 *
 * @param replicas how many pods, 0 or more
 * @param labels the labels of each pod
 * @param container the only container of a pod
 */
public record Deployment(Meta meta, int replicas, Map<String, String> labels, Container container)
        implements MeshObject {
    public Deployment {
        labels = Map.copyOf(labels);
    }

    /**
     * What runs in the pod.
     *
     * @param image the image's name; a local node maps it to a jar
     * @param env environment variables in the order written
     * @param ports the ports it says it listens on
     */
    public record Container(String name, String image, List<EnvVar> env, List<Port> ports) {
        public Container {
            env = List.copyOf(env);
            ports = List.copyOf(ports);
        }

        /** The number of the container port with that name. */
        public Optional<Integer> port(String name) {
            return ports.stream()
                    .filter(port -> port.name().equals(name))
                    .map(Port::port)
                    .findFirst();
        }
    }

    /** One environment variable. */
    public record EnvVar(String name, String value) {}

    /** One container port; the name may be empty. */
    public record Port(String name, int port) {}
}
