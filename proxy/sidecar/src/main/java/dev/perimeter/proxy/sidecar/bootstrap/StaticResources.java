package dev.perimeter.proxy.sidecar.bootstrap;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.sidecar.text.ProtoTree;
import dev.perimeter.proxy.xds.source.ResourceType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The listeners, clusters and secrets that stand in the bootstrap, as the messages that xDS would bring. */
final class StaticResources {

    private StaticResources() {}

    /** @param controlPlanes names of the clusters that only bring configuration */
    static Map<ResourceType, List<Any>> read(
            List<Section> clusters, Set<String> controlPlanes, Section resources, Section.Findings findings) {
        Map<ResourceType, List<Any>> fixed = new EnumMap<>(ResourceType.class);
        Set<String> names = new HashSet<>();
        List<Section> others = new ArrayList<>();
        for (Section cluster : clusters) {
            if (!names.add(cluster.text("name"))) {
                cluster.refuse("name", "there is another cluster `" + cluster.text("name") + "`");
            }
            if (!controlPlanes.contains(cluster.text("name"))) {
                others.add(cluster);
            }
        }
        put(fixed, ResourceType.CLUSTER, others, Cluster::newBuilder, findings);
        put(fixed, ResourceType.LISTENER, resources.list("listeners", false), Listener::newBuilder, findings);
        put(fixed, ResourceType.SECRET, resources.list("secrets", false), Secret::newBuilder, findings);
        return fixed;
    }

    /** A listener needs no name in a file: nobody has to tell it from another that comes later. */
    private static Map<?, ?> named(Section section, ResourceType type, int number) {
        if (type != ResourceType.LISTENER || section.has("name")) {
            return section.whole();
        }
        Map<Object, Object> named = new LinkedHashMap<>(section.whole());
        named.put("name", "listener_" + number);
        return named;
    }

    private static void put(
            Map<ResourceType, List<Any>> fixed,
            ResourceType type,
            List<Section> sections,
            Supplier<Message.Builder> message,
            Section.Findings findings) {
        List<Any> all = new ArrayList<>();
        for (Section section : sections) {
            switch (ProtoTree.pack(named(section, type, all.size()), message.get())) {
                case Parsed.Ok<Any>(Any packed) -> all.add(packed);
                case Parsed.Bad<Any>(String inner, String reason) ->
                    findings.add(inner.isEmpty() ? section.path() : section.path() + "." + inner, reason);
            }
        }
        if (!all.isEmpty()) {
            fixed.put(type, all);
        }
    }
}
