package dev.perimeter.proxy.sidecar;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.perimeter.proxy.sidecar.bootstrap.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who this proxy is, as the control plane is told once a stream. */
final class NodeMessage {

    private NodeMessage() {}

    static Node of(Bootstrap bootstrap) {
        return Node.newBuilder()
                .setId(bootstrap.nodeId())
                .setCluster(bootstrap.nodeCluster())
                .setMetadata(struct(bootstrap.metadata()))
                .setLocality(Locality.newBuilder()
                        .setRegion(bootstrap.node().region())
                        .setZone(bootstrap.node().zone())
                        .setSubZone(bootstrap.node().subZone()))
                .setUserAgentName("perimeter")
                .build();
    }

    static Struct struct(Map<?, ?> fields) {
        Struct.Builder struct = Struct.newBuilder();
        fields.forEach((name, value) -> struct.putFields(String.valueOf(name), value(value)));
        return struct.build();
    }

    private static Value value(@Nullable Object value) {
        Value.Builder of = Value.newBuilder();
        return switch (value) {
            case null -> of.setNullValue(NullValue.NULL_VALUE).build();
            case Map<?, ?> fields -> of.setStructValue(struct(fields)).build();
            case List<?> items -> {
                ListValue.Builder list = ListValue.newBuilder();
                items.forEach(item -> list.addValues(value(item)));
                yield of.setListValue(list).build();
            }
            case Boolean truth -> of.setBoolValue(truth).build();
            case Number number -> of.setNumberValue(number.doubleValue()).build();
            default -> of.setStringValue(value.toString()).build();
        };
    }
}
