package dev.perimeter.proxy.xds.transport;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.perimeter.proxy.xds.transport.Answer.Sent;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Both variants of the protocol as protobuf messages. */
public final class Wire {

    private static final String WRAPPER = "type.googleapis.com/envoy.service.discovery.v3.Resource";

    private Wire() {}

    /** @param node null after the first request of a stream */
    static DiscoveryRequest request(Ask.World ask, @Nullable Node node) {
        DiscoveryRequest.Builder request = DiscoveryRequest.newBuilder()
                .setTypeUrl(ask.type().typeUrl())
                .setVersionInfo(ask.version())
                .setResponseNonce(ask.nonce())
                .addAllResourceNames(ask.names());
        if (ask.error() != null) {
            request.setErrorDetail(status(ask.error()));
        }
        return (node == null ? request : request.setNode(node)).build();
    }

    /** @param node null after the first request of a stream */
    static DeltaDiscoveryRequest request(Ask.Delta ask, @Nullable Node node) {
        DeltaDiscoveryRequest.Builder request = DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(ask.type().typeUrl())
                .setResponseNonce(ask.nonce())
                .addAllResourceNamesSubscribe(ask.subscribe())
                .addAllResourceNamesUnsubscribe(ask.unsubscribe())
                .putAllInitialResourceVersions(ask.held());
        if (ask.error() != null) {
            request.setErrorDetail(status(ask.error()));
        }
        return (node == null ? request : request.setNode(node)).build();
    }

    /** Public for those who have a response from elsewhere, such as a file. */
    public static Answer answer(DiscoveryResponse response) {
        List<Sent> sent = new ArrayList<>(response.getResourcesCount());
        for (Any resource : response.getResourcesList()) {
            sent.add(unwrapped(resource, response.getVersionInfo()));
        }
        return new Answer(response.getTypeUrl(), response.getVersionInfo(), response.getNonce(), sent, List.of());
    }

    static Answer answer(DeltaDiscoveryResponse response) {
        List<Sent> sent = new ArrayList<>(response.getResourcesCount());
        for (Resource resource : response.getResourcesList()) {
            sent.add(sent(resource, response.getSystemVersionInfo()));
        }
        return new Answer(
                response.getTypeUrl(),
                response.getSystemVersionInfo(),
                response.getNonce(),
                sent,
                response.getRemovedResourcesList());
    }

    /** State of the world wraps a resource that has a time to live. */
    private static Sent unwrapped(Any resource, String version) {
        if (!resource.getTypeUrl().equals(WRAPPER)) {
            return Sent.bare(resource, version);
        }
        try {
            return sent(Resource.parseFrom(resource.getValue()), version);
        } catch (InvalidProtocolBufferException malformed) {
            return Sent.bare(resource, version);
        }
    }

    /** Aliases are left aside: whoever asks by a name is answered under that name. */
    private static Sent sent(Resource resource, String version) {
        return new Sent(
                resource.getName(),
                resource.getVersion().isEmpty() ? version : resource.getVersion(),
                resource.hasResource() ? resource.getResource() : null,
                resource.hasTtl()
                        ? Duration.ofSeconds(
                                resource.getTtl().getSeconds(),
                                resource.getTtl().getNanos())
                        : null);
    }

    private static Status.Builder status(String error) {
        return Status.newBuilder().setCode(Code.INVALID_ARGUMENT_VALUE).setMessage(error);
    }
}
