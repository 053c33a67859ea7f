package dev.perimeter.proxy.testkit.xds;

import com.google.protobuf.Any;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An xDS server, over ADS or with a stream for each type, that a test leads by the hand. Two ways of use: {@link #awaitStream} and {@link FakeStream#send} say each
 * word of the protocol, in state of the world; {@link #publish} keeps resources that every stream of either variant then
 * gets when it asks and whenever they change. Either way all requests are recorded.
 */
public final class FakeControlPlane implements AutoCloseable {

    static final long PATIENCE_SECONDS = 10;

    /** What is there of one type. */
    record Published(String version, List<Any> resources) {}

    private final Server server;
    private final Map<String, Published> published = new ConcurrentHashMap<>();
    private final List<FakeStream> streams = new CopyOnWriteArrayList<>();
    private final List<FakeDeltaStream> deltaStreams = new CopyOnWriteArrayList<>();
    private final BlockingQueue<FakeStream> arrivals = new LinkedBlockingQueue<>();

    private FakeControlPlane(int port) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                .directExecutor()
                .permitKeepAliveTime(1, TimeUnit.MILLISECONDS)
                .addService(new Ads());
        SeparateStreams.of(this).forEach(builder::addService);
        server = builder.build();
        try {
            server.start();
        } catch (IOException busy) {
            throw new UncheckedIOException(busy);
        }
    }

    /** On any free port of 127.0.0.1. */
    public static FakeControlPlane start() {
        return new FakeControlPlane(0);
    }

    /** On a port that an earlier one had. */
    public static FakeControlPlane startOn(int port) {
        return new FakeControlPlane(port);
    }

    public int port() {
        return server.getPort();
    }

    /** The next stream that was opened; each is given once. */
    public FakeStream awaitStream() {
        try {
            FakeStream stream = arrivals.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (stream == null) {
                throw new AssertionError("no stream was opened within " + PATIENCE_SECONDS + " s");
            }
            return stream;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError("stopped while waiting for a stream", stopped);
        }
    }

    /** All streams so far, those that have ended too. */
    public List<FakeStream> streams() {
        return List.copyOf(streams);
    }

    /** The stream opened last. */
    public FakeStream latestStream() {
        if (streams.isEmpty()) {
            throw new AssertionError("no stream was opened");
        }
        return streams.getLast();
    }

    /** Makes these all there are of their type, and tells those who asked. */
    public void publish(String typeUrl, String version, Message... resources) {
        Published now = new Published(
                version,
                List.of(resources).stream().map(FakeControlPlane::packed).toList());
        published.put(typeUrl, now);
        streams.forEach(stream -> stream.tell(typeUrl, now));
        deltaStreams.forEach(stream -> stream.tell(typeUrl, now));
    }

    /** All delta streams so far, those that have ended too. */
    public List<FakeDeltaStream> deltaStreams() {
        return List.copyOf(deltaStreams);
    }

    /** Ends every open stream with a gRPC status. */
    public void endStreams(Status status) {
        streams.forEach(stream -> stream.endIfOpen(status));
        deltaStreams.forEach(stream -> stream.end(status));
    }

    @Nullable
    Published published(String typeUrl) {
        return published.get(typeUrl);
    }

    /** Field 1 of the kinds that are published: the name. */
    static String nameOf(Any resource) {
        try {
            CodedInputStream in = resource.getValue().newCodedInput();
            return WireFormat.getTagFieldNumber(in.readTag()) == 1 ? in.readString() : "";
        } catch (IOException malformed) {
            return "";
        }
    }

    static Any packed(Message resource) {
        return resource instanceof Any any ? any : Any.pack(resource);
    }

    /** Ends as a killed process does: all connections at once. */
    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is to be told of a stream's requests. */
    StreamObserver<DiscoveryRequest> opened(StreamObserver<DiscoveryResponse> responses) {
        FakeStream stream = new FakeStream(this, responses);
        streams.add(stream);
        arrivals.add(stream);
        return stream.requests();
    }

    /** The same for a delta stream. */
    StreamObserver<DeltaDiscoveryRequest> openedDelta(StreamObserver<DeltaDiscoveryResponse> responses) {
        FakeDeltaStream stream = new FakeDeltaStream(this, responses);
        deltaStreams.add(stream);
        return stream.requests();
    }

    private final class Ads extends AggregatedDiscoveryServiceImplBase {

        @Override
        public StreamObserver<DiscoveryRequest> streamAggregatedResources(StreamObserver<DiscoveryResponse> responses) {
            return opened(responses);
        }

        @Override
        public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
                StreamObserver<DeltaDiscoveryResponse> responses) {
            return openedDelta(responses);
        }
    }
}
