package dev.perimeter.proxy.sidecar.grpc;

import static dev.perimeter.proxy.testkit.xds.Resources.listener;
import static dev.perimeter.proxy.testkit.xds.Resources.manager;
import static dev.perimeter.proxy.testkit.xds.Resources.routes;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import dev.perimeter.controlplane.contract.TypeUrl;
import dev.perimeter.proxy.sidecar.EmbeddedProxy;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.testing.integration.TestServiceImpl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A gRPC server behind two proxies, all of them in this process, and a channel to the first. */
final class GrpcHops implements AutoCloseable {

    enum Security {
        NONE,
        TLS
    }

    static final int METADATA = 96;

    /** A call with this is answered in messages that are compressed, which the server of the cases does not do in streams. */
    static final Metadata.Key<String> COMPRESS = Metadata.Key.of("x-compress", Metadata.ASCII_STRING_MARSHALLER);

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
    private final FakeControlPlane firstControlPlane = FakeControlPlane.start();
    private final FakeControlPlane secondControlPlane = FakeControlPlane.start();
    private final MessageSizes atServer = new MessageSizes();
    private final MessageSizes atClient = new MessageSizes();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final HopSecurity security;
    private final Server server;
    private final EmbeddedProxy first;
    private final EmbeddedProxy second;
    private final ManagedChannel channel;

    GrpcHops(Security wanted) throws IOException {
        security = wanted == Security.TLS ? new HopSecurity.Tls() : new HopSecurity.None();
        List<ServerInterceptor> interceptors = new ArrayList<>(TestServiceImpl.interceptors());
        interceptors.add(new Watching());
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0), security.ofServer())
                .addService(ServerInterceptors.intercept(new TestServiceImpl(threads), interceptors))
                .addStreamTracerFactory(atServer.ofServer())
                .maxInboundMetadataSize(METADATA * 1024)
                .build()
                .start();
        second = proxyTo(server.getPort(), secondControlPlane, HopSecurity.Hop.SECOND);
        first = proxyTo(second.listener("in").getPort(), firstControlPlane, HopSecurity.Hop.FIRST);
        channel = NettyChannelBuilder.forAddress(first.listener("in"), security.ofClient())
                .overrideAuthority("grpc.test")
                .intercept(new Traced())
                .maxInboundMetadataSize(METADATA * 1024)
                .build();
    }

    private EmbeddedProxy proxyTo(int port, FakeControlPlane controlPlane, HopSecurity.Hop hop) {
        EmbeddedProxy proxy = EmbeddedProxy.following(controlPlane.port());
        HttpProtocolOptions.Builder http2 = HttpProtocolOptions.newBuilder()
                .setExplicitHttpConfig(ExplicitHttpConfig.newBuilder()
                        .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance()));
        http2.getCommonHttpProtocolOptionsBuilder().setMaxResponseHeadersKb(UInt32Value.of(METADATA));
        Cluster.Builder cluster = staticCluster("up", port).toBuilder()
                .putTypedExtensionProtocolOptions(
                        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", Any.pack(http2.build()));
        Listener.Builder listener = listener(
                "in",
                0,
                manager()
                        .setMaxRequestHeadersKb(UInt32Value.of(METADATA))
                        .setRouteConfig(routes("all", "up"))
                        .build())
                .toBuilder();
        security.secure(hop, cluster, listener.getFilterChainsBuilder(0));
        controlPlane.publish(TypeUrl.CLUSTER, "c1", cluster.build());
        controlPlane.publish(TypeUrl.LISTENER, "l1", listener.build());
        return proxy.awaitReady();
    }

    ManagedChannel channel() {
        return channel;
    }

    MessageSizes atServer() {
        return atServer;
    }

    MessageSizes atClient() {
        return atClient;
    }

    /** How many calls the server saw cancelled. */
    int cancelled() {
        return cancelled.get();
    }

    @Override
    public void close() {
        try {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
            first.close();
            second.close();
            firstControlPlane.close();
            secondControlPlane.close();
            server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }

    private final class Traced implements ClientInterceptor {
        @Override
        public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            return next.newCall(method, options.withStreamTracerFactory(atClient.ofClient()));
        }
    }

    private final class Watching implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            if (headers.containsKey(COMPRESS)) {
                call.setCompression("gzip");
            }
            return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
                @Override
                public void onCancel() {
                    cancelled.incrementAndGet();
                    super.onCancel();
                }
            };
        }
    }
}
