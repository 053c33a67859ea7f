package dev.perimeter.controlplane.server;

import dev.perimeter.controlplane.contract.NodeId;
import dev.perimeter.controlplane.discovery.ProxyView;
import dev.perimeter.controlplane.discovery.ResourceType;
import dev.perimeter.controlplane.translate.ProtoJson;
import dev.perimeter.controlplane.translate.ProxyConfig;
import dev.perimeter.controlplane.translate.ProxyNode;
import dev.perimeter.controlplane.translate.Resource;
import dev.perimeter.controlplane.translate.Translation;
import dev.perimeter.controlplane.translate.Translator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a proxy is to have now, as JSON. */
final class ConfigDump {
    /** Either the dump or why there is none. */
    sealed interface Dump {}

    record Text(String json) implements Dump {}

    record None(String sentence) implements Dump {}

    private ConfigDump() {}

    /** A proxy that is connected, or any gateway or client without a proxy, which need not be. */
    static Dump of(String node, Translator world, List<ProxyView> proxies) {
        for (ProxyView proxy : proxies) {
            if (proxy.node().equals(node)) {
                return proxy.reason() == null ? new Text(json(proxy.target())) : new None(proxy.reason());
            }
        }
        return switch (NodeId.parse(node)) {
            case NodeId.Unknown unknown -> new None(unknown.sentence());
            case NodeId.Known known
            when known.id().role() == NodeId.Role.SIDECAR ->
                new None(node + " is not connected, so its addresses are not known.");
            case NodeId.Known known ->
                switch (world.translate(new ProxyNode(known.id(), "", ""))) {
                    case Translation.Nothing nothing -> new None(nothing.reason());
                    case Translation.Config config -> new Text(json(config.resources()));
                };
        };
    }

    private static String json(ProxyConfig config) {
        StringBuilder text = new StringBuilder("{");
        for (ResourceType type : ResourceType.values()) {
            text.append(text.length() == 1 ? "\n" : ",\n")
                    .append("\"")
                    .append(type.name().toLowerCase(Locale.ROOT))
                    .append("\": [")
                    .append(config.ofType(type.typeUrl()).values().stream()
                            .map(ConfigDump::entry)
                            .collect(Collectors.joining(",\n")))
                    .append("]");
        }
        return text.append("\n}\n").toString();
    }

    private static String entry(Resource resource) {
        return "{\"version_info\": \"" + resource.version() + "\", \"resource\": " + ProtoJson.print(resource) + "}";
    }
}
