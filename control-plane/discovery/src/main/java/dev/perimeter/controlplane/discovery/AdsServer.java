package dev.perimeter.controlplane.discovery;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Serves {@link Discovery} on a socket. One event loop is enough: it only moves bytes. */
public final class AdsServer implements AutoCloseable {
    /** A proxy that vanished without a word is noticed after this and a quarter of it. */
    private static final long KEEP_ALIVE_SECONDS = 20;

    private static final long FASTEST_CLIENT_KEEP_ALIVE_SECONDS = 5;

    private static final long GRACE_MILLIS = 500;

    private final Discovery discovery;
    private final EventLoopGroup loop;
    private final Server server;

    private AdsServer(Discovery discovery, EventLoopGroup loop, Server server) {
        this.discovery = discovery;
        this.loop = loop;
        this.server = server;
    }

    /**
     * Starts to listen.
     *
     * @param address port 0 takes a free one
     * @throws IOException if the address cannot be had
     */
    public static AdsServer start(InetSocketAddress address, Discovery discovery) throws IOException {
        EventLoopGroup loop =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("xds", true), NioIoHandler.newFactory());
        Server server = NettyServerBuilder.forAddress(address)
                .channelType(NioServerSocketChannel.class)
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .executor(discovery.thread())
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_SECONDS / 4, TimeUnit.SECONDS)
                .permitKeepAliveTime(FASTEST_CLIENT_KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addService(new AdsService(discovery))
                .build();
        try {
            return new AdsServer(discovery, loop, server.start());
        } catch (IOException busy) {
            loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
            throw busy;
        }
    }

    /** The port listened on. */
    public int port() {
        return server.getPort();
    }

    /** Says GOAWAY, ends the streams, and returns when that is through or took too long. */
    @Override
    public void close() {
        server.shutdown();
        discovery.endStreams();
        try {
            if (!server.awaitTermination(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
                server.shutdownNow().awaitTermination(GRACE_MILLIS, TimeUnit.MILLISECONDS);
            }
            // Callbacks that wait for the discovery thread still want to speak to the event loop.
            discovery.drain();
        } catch (InterruptedException stopped) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        loop.shutdownGracefully(0, GRACE_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(GRACE_MILLIS);
    }
}
