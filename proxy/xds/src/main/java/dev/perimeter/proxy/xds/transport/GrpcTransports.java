package dev.perimeter.proxy.xds.transport;

import dev.perimeter.proxy.xds.source.ResourceSource;
import dev.perimeter.proxy.xds.source.ResourceType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The servers and files that the bootstrap knows. */
public final class GrpcTransports implements Transports {

    /**
     * Where ADS is.
     *
     * @param cluster of the server
     * @param delta whether only changes are sent
     */
    public record AdsServer(String cluster, boolean delta) {}

    private final Map<String, ControlPlane> servers;
    private final @Nullable AdsServer ads;
    private final Node node;
    private final Function<ResourceSource.File, XdsTransport> files;
    private @Nullable EventLoopGroup loop;

    /**
     * @param servers by the name of their cluster
     * @param ads null when nothing comes by ADS
     * @param files opens a file that is watched
     */
    public GrpcTransports(
            Map<String, ControlPlane> servers,
            @Nullable AdsServer ads,
            Node node,
            Function<ResourceSource.File, XdsTransport> files) {
        this.servers = Map.copyOf(servers);
        this.ads = ads;
        this.node = node;
        this.files = files;
    }

    @Override
    public @Nullable String unknown(ResourceSource source) {
        return switch (source) {
            case ResourceSource.Ads all -> ads == null ? "the bootstrap has no ads_config" : null;
            case ResourceSource.Grpc grpc ->
                servers.containsKey(grpc.cluster())
                        ? null
                        : "there is no static cluster `" + grpc.cluster() + "` that speaks gRPC";
            case ResourceSource.File file -> null;
            case ResourceSource.Static here -> null;
        };
    }

    @Override
    public XdsTransport to(ResourceSource source, ResourceType type) {
        return switch (source) {
            case ResourceSource.Ads all -> {
                if (ads == null) {
                    throw new IllegalStateException("ADS is asked for and not configured");
                }
                yield grpc(ads.cluster(), ads.delta(), null);
            }
            case ResourceSource.Grpc(String cluster, boolean delta) -> grpc(cluster, delta, type);
            case ResourceSource.File file -> files.apply(file);
            case ResourceSource.Static here -> throw new IllegalStateException("nobody brings what is here already");
        };
    }

    private XdsTransport grpc(String cluster, boolean delta, @Nullable ResourceType type) {
        ControlPlane server = servers.get(cluster);
        if (server == null) {
            throw new IllegalStateException("no static cluster " + cluster);
        }
        if (loop == null) {
            loop = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("ads", true), NioIoHandler.newFactory());
        }
        return new GrpcTransport(server, delta, type, node, loop);
    }

    @Override
    public void close() {
        if (loop != null) {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
