package dev.perimeter.controlplane.translate;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.perimeter.controlplane.contract.MetadataKey;
import dev.perimeter.controlplane.contract.NodeId;
import io.envoyproxy.envoy.config.core.v3.Node;

/**
 * What a proxy says of itself when it connects, as far as its config depends on it.
 *
 * @param podIp where a sidecar listens; empty for the other roles
 * @param appAddress where the application behind a sidecar listens; empty for the other roles
 */
public record ProxyNode(NodeId id, String podIp, String appAddress) {
    /** Either a proxy we can serve or why not. */
    public sealed interface Parsed {}

    /** The node is complete. */
    public record Known(ProxyNode node) implements Parsed {}

    /** The node is not; the sentence names the field of the bootstrap. */
    public record Unknown(String sentence) implements Parsed {}

    /** Reads the node of a discovery request. */
    public static Parsed parse(Node node) {
        return switch (NodeId.parse(node.getId())) {
            case NodeId.Unknown unknown -> new Unknown(unknown.sentence());
            case NodeId.Known known -> parse(known.id(), node.getMetadata());
        };
    }

    private static Parsed parse(NodeId id, Struct metadata) {
        if (id.role() != NodeId.Role.SIDECAR) {
            return new Known(new ProxyNode(id, "", ""));
        }
        String interception = text(metadata, MetadataKey.INTERCEPTION);
        if (!interception.isEmpty() && !interception.equals(MetadataKey.EXPLICIT)) {
            return new Unknown("node.metadata." + MetadataKey.INTERCEPTION + " is \"" + interception + "\"; only \""
                    + MetadataKey.EXPLICIT + "\" is served so far.");
        }
        for (String key : new String[] {MetadataKey.POD_IP, MetadataKey.APP_ADDRESS}) {
            if (text(metadata, key).isEmpty()) {
                return new Unknown("node.metadata." + key + " is missing; a sidecar must say it in its bootstrap.");
            }
        }
        return new Known(
                new ProxyNode(id, text(metadata, MetadataKey.POD_IP), text(metadata, MetadataKey.APP_ADDRESS)));
    }

    private static String text(Struct metadata, String key) {
        return metadata.getFieldsOrDefault(key, Value.getDefaultInstance()).getStringValue();
    }
}
