package dev.perimeter.controlplane.discovery;

import dev.perimeter.controlplane.translate.Translator;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gRPC side of one stream: takes requests to {@link ProxyStream} and sends what it has to say, no faster than read. */
final class Connection implements StreamObserver<DiscoveryRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final Discovery discovery;
    private final ServerCallStreamObserver<DiscoveryResponse> client;
    private @Nullable ProxyStream stream;

    Connection(Discovery discovery, ServerCallStreamObserver<DiscoveryResponse> client) {
        this.discovery = discovery;
        this.client = client;
        client.setOnReadyHandler(this::send);
        client.setOnCancelHandler(this::gone);
        discovery.opened(this);
    }

    @Override
    public void onNext(DiscoveryRequest request) {
        ProxyStream known = stream;
        if (known == null) {
            known = new ProxyStream(request.getNode(), Instant.now());
            known.follow(discovery.world());
            stream = known;
            LOG.info(
                    "{} connected.{}", known.id(), known.reason() == null ? "" : " It gets nothing: " + known.reason());
        }
        ResourceType type = ResourceType.of(request.getTypeUrl());
        if (type == null) {
            LOG.info("{} asks for {}, which is not served.", known.id(), request.getTypeUrl());
            return;
        }
        tell(known.id(), type, known.hear(type, request), request);
        send();
    }

    private static void tell(String id, ResourceType type, Subscription.Heard heard, DiscoveryRequest request) {
        switch (heard) {
            case ACK -> LOG.info("{} ACK {} {}", id, word(type), request.getVersionInfo());
            case NACK ->
                LOG.warn(
                        "{} NACK {}: {}",
                        id,
                        word(type),
                        request.getErrorDetail().getMessage());
            case SUBSCRIBED -> LOG.debug("{} asks for {} {}", id, word(type), request.getResourceNamesList());
            case STALE -> LOG.debug("{} answered an old {} response", id, word(type));
        }
    }

    /** Brings the proxy to another world. */
    void follow(Translator world) {
        if (stream != null) {
            stream.follow(world);
            send();
        }
    }

    private void send() {
        ProxyStream known = stream;
        while (known != null && client.isReady()) {
            DiscoveryResponse response = known.advance();
            if (response == null) {
                return;
            }
            client.onNext(response);
            ResourceType type = ResourceType.of(response.getTypeUrl());
            LOG.info(
                    "{} sent {} {} ({})",
                    known.id(),
                    type == null ? response.getTypeUrl() : word(type),
                    response.getVersionInfo(),
                    response.getResourcesCount());
        }
    }

    Optional<ProxyView> view() {
        return Optional.ofNullable(stream).map(ProxyStream::view);
    }

    /** The control plane stops: clients take this for a reason to connect anew. */
    void end() {
        client.onError(Status.UNAVAILABLE
                .withDescription("The control plane is stopping.")
                .asRuntimeException());
        gone();
    }

    @Override
    public void onError(Throwable broken) {
        gone();
    }

    @Override
    public void onCompleted() {
        client.onCompleted();
        gone();
    }

    private void gone() {
        discovery.closed(this);
        if (stream != null) {
            LOG.info("{} disconnected.", stream.id());
            stream = null;
        }
    }

    private static String word(ResourceType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }
}
