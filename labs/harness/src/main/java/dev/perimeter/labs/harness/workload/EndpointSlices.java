package dev.perimeter.labs.harness.workload;

import dev.perimeter.controlplane.model.Deployment;
import dev.perimeter.controlplane.model.EndpointSlice;
import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.model.Service;
import dev.perimeter.controlplane.sources.tree.Tree;
import dev.perimeter.controlplane.sources.tree.YamlWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What the local node tells the control plane of its pods, one slice a service, as the endpoint controller of a cluster
 * would: every pod is there from the start, so that its proxy learns what it serves; ready only while it is.
 */
final class EndpointSlices {
    private EndpointSlices() {}

    static Stream<Pod> podsOf(Service service, List<Pod> pods) {
        return pods.stream()
                .filter(pod -> pod.namespace().equals(service.meta().namespace()))
                .filter(pod -> service.selects(pod.deployment().labels()));
    }

    /**
     * The slices as texts.
     *
     * @param ready whether the pod of that name is ready
     */
    static Map<ObjectKey, String> texts(MeshConfig config, List<Pod> pods, Predicate<String> ready) {
        Map<ObjectKey, String> slices = new LinkedHashMap<>();
        for (Service service : config.all(Service.class)) {
            List<Tree> endpoints = new ArrayList<>();
            podsOf(service, pods)
                    .forEach(pod -> endpoints.add(endpoint(pod.ip(), ready.test(pod.name()), reference(pod))));
            ObjectKey key = new ObjectKey(
                    "EndpointSlice", service.meta().namespace(), service.meta().name() + "-local");
            slices.put(key, text(key, service, endpoints, pods));
        }
        return slices;
    }

    private static String text(ObjectKey key, Service service, List<Tree> endpoints, List<Pod> pods) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("name", key.name());
        metadata.put("namespace", key.namespace());
        metadata.put(
                "labels", Map.of(EndpointSlice.SERVICE_LABEL, service.meta().name()));
        Map<String, Object> slice = new LinkedHashMap<>();
        slice.put("apiVersion", "discovery.k8s.io/v1");
        slice.put("kind", "EndpointSlice");
        slice.put("metadata", metadata);
        slice.put("addressType", "IPv4");
        slice.put("endpoints", endpoints);
        slice.put("ports", ports(service, pods));
        return YamlWriter.write(Tree.of(slice));
    }

    private static List<Map<String, Object>> ports(Service service, List<Pod> pods) {
        List<Map<String, Object>> ports = new ArrayList<>();
        for (Service.Port port : service.ports()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            if (!port.name().isEmpty()) {
                entry.put("name", port.name());
            }
            entry.put("port", number(port, service, pods));
            entry.put("protocol", "TCP");
            ports.add(entry);
        }
        return ports;
    }

    private static int number(Service.Port port, Service service, List<Pod> pods) {
        return switch (port.target()) {
            case Service.Target.Number number -> number.port();
            case Service.Target.Named named ->
                podsOf(service, pods)
                        .map(Pod::deployment)
                        .map(Deployment::container)
                        .flatMap(container -> container.port(named.name()).stream())
                        .findFirst()
                        .orElse(port.port());
        };
    }

    private static Tree endpoint(String address, boolean ready, Map<String, Object> pod) {
        Map<String, Object> endpoint = new LinkedHashMap<>();
        endpoint.put("addresses", List.of(address));
        endpoint.put("conditions", Map.of("ready", ready));
        endpoint.put("targetRef", pod);
        return Tree.of(endpoint);
    }

    private static Map<String, Object> reference(Pod pod) {
        Map<String, Object> reference = new LinkedHashMap<>();
        reference.put("kind", "Pod");
        reference.put("name", pod.name());
        reference.put("namespace", pod.namespace());
        return reference;
    }
}
