package dev.perimeter.labs.harness.workload;

import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.model.Service;
import java.util.List;

/**
 * The mesh's names for {@code -Djdk.net.hosts.file}, which replaces all other resolution in a JVM: what a cluster's DNS
 * would answer for a headless service. A name has one line for each address. Each pod's own name stands first, as in the
 * hosts file that a kubelet writes: a program that looks its address up in reverse gets a name that leads back to it.
 */
final class HostsFile {
    private HostsFile() {}

    static String text(MeshConfig config, List<Pod> pods) {
        StringBuilder text = new StringBuilder("127.0.0.1 localhost\n");
        pods.forEach(pod -> text.append(pod.ip()).append(' ').append(pod.name()).append('\n'));
        for (Service service : config.all(Service.class)) {
            EndpointSlices.podsOf(service, pods)
                    .forEach(pod -> text.append(pod.ip())
                            .append(' ')
                            .append(names(service))
                            .append('\n'));
        }
        return text.toString();
    }

    private static String names(Service service) {
        String name = service.meta().name();
        String namespace = service.meta().namespace();
        return "%1$s %1$s.%2$s %1$s.%2$s.svc %1$s.%2$s.svc.cluster.local".formatted(name, namespace);
    }
}
