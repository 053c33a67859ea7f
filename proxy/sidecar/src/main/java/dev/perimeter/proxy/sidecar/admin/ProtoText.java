package dev.perimeter.proxy.sidecar.admin;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.perimeter.controlplane.contract.filters.http.body_limit.v1.BodyLimit;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump;
import io.envoyproxy.envoy.admin.v3.EndpointsConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.util.List;

/**
 * Messages as JSON, extensions included. The descriptors this needs take a moment and some memory, so they are loaded when
 * somebody first asks for a dump and not when the proxy starts. An extension of a type that is not known here is named and
 * its bytes are left out.
 */
public final class ProtoText {

    private static final TypeRegistry TYPES = TypeRegistry.newBuilder()
            .add(List.of(
                    ClustersConfigDump.getDescriptor(),
                    EndpointsConfigDump.getDescriptor(),
                    ListenersConfigDump.getDescriptor(),
                    RoutesConfigDump.getDescriptor(),
                    Listener.getDescriptor(),
                    RouteConfiguration.getDescriptor(),
                    Cluster.getDescriptor(),
                    ClusterLoadAssignment.getDescriptor(),
                    HttpConnectionManager.getDescriptor(),
                    TcpProxy.getDescriptor(),
                    HttpProtocolOptions.getDescriptor(),
                    StdoutAccessLog.getDescriptor(),
                    Router.getDescriptor(),
                    HeaderMutation.getDescriptor(),
                    BodyLimit.getDescriptor(),
                    StringValue.getDescriptor()))
            .build();

    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().usingTypeRegistry(TYPES).preservingProtoFieldNames();

    private ProtoText() {}

    public static String json(Any message) {
        try {
            return PRINTER.print(printable(message));
        } catch (InvalidProtocolBufferException malformed) {
            return "{\"unprintable\": \"" + message.getTypeUrl().replace('"', '\'') + "\"}";
        }
    }

    /** The same message, with what stands inside an extension and cannot be printed replaced by its type. */
    private static Any printable(Any message) throws InvalidProtocolBufferException {
        Descriptor type = TYPES.getDescriptorForTypeUrl(message.getTypeUrl());
        if (type == null) {
            return Any.pack(StringValue.of("an extension of the type " + message.getTypeUrl()));
        }
        Message.Builder builder = DynamicMessage.parseFrom(type, message.getValue()).toBuilder();
        replaceWithin(builder);
        return message.toBuilder().setValue(builder.build().toByteString()).build();
    }

    private static void replaceWithin(Message.Builder builder) throws InvalidProtocolBufferException {
        for (FieldDescriptor field : builder.getAllFields().keySet()) {
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                continue;
            }
            if (field.isRepeated()) {
                for (int i = 0; i < builder.getRepeatedFieldCount(field); i++) {
                    builder.setRepeatedField(field, i, replaced((Message) builder.getRepeatedField(field, i)));
                }
            } else {
                builder.setField(field, replaced((Message) builder.getField(field)));
            }
        }
    }

    private static Message replaced(Message message) throws InvalidProtocolBufferException {
        if (message.getDescriptorForType()
                .getFullName()
                .equals(Any.getDescriptor().getFullName())) {
            Any replacement = printable(Any.parseFrom(message.toByteString()));
            return DynamicMessage.parseFrom(message.getDescriptorForType(), replacement.toByteString());
        }
        Message.Builder inner = message.toBuilder();
        replaceWithin(inner);
        return inner.build();
    }
}
