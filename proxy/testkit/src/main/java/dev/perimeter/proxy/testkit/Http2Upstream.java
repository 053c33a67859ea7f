package dev.perimeter.proxy.testkit;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that speaks HTTP/2 with prior knowledge, frame by frame as the test wants it. Each stream runs the test's
 * behaviour on a thread of its own.
 */
public final class Http2Upstream implements AutoCloseable {

    /** What to do with a stream. An exception ends the behaviour and nothing else. */
    @FunctionalInterface
    public interface Behaviour {
        void serve(Http2Exchange exchange) throws Exception;
    }

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger accepted = new AtomicInteger();
    private final List<Channel> open = new CopyOnWriteArrayList<>();
    private final Http2Settings settings;
    private final Behaviour behaviour;
    private final Channel server;

    private Http2Upstream(Http2Settings settings, Behaviour behaviour) {
        this.settings = settings;
        this.behaviour = behaviour;
        this.server = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    public static Http2Upstream serving(Behaviour behaviour) {
        return serving(Http2Settings.defaultSettings(), behaviour);
    }

    /** @param settings that the server sends first */
    public static Http2Upstream serving(Http2Settings settings, Behaviour behaviour) {
        return new Http2Upstream(settings, behaviour);
    }

    private void accept(Channel channel) {
        open.add(channel);
        Http2FrameCodec codec = Http2FrameCodecBuilder.forServer()
                .initialSettings(settings)
                .decoderEnforceMaxRstFramesPerWindow(0, 0)
                .build();
        channel.pipeline().addLast(codec, new Frames(accepted.incrementAndGet()));
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) server.localAddress();
    }

    /** Connections accepted so far. */
    public int connections() {
        return accepted.get();
    }

    /** Those of them that are open. */
    public long openConnections() {
        return open.stream().filter(Channel::isActive).count();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private final class Frames extends ChannelInboundHandlerAdapter {

        private final Map<Http2FrameStream, Http2Exchange> exchanges = new ConcurrentHashMap<>();
        private final int number;

        Frames(int number) {
            this.number = number;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (!(message instanceof Http2StreamFrame frame) || frame.stream() == null) {
                ReferenceCountUtil.release(message);
                return;
            }
            Http2Exchange known = exchanges.get(frame.stream());
            if (known != null) {
                known.received(frame);
            } else if (frame instanceof Http2HeadersFrame head) {
                Http2Exchange opened = new Http2Exchange(ctx.channel(), number, head);
                exchanges.put(frame.stream(), opened);
                threads.execute(() -> run(opened));
            } else {
                ReferenceCountUtil.release(message);
            }
        }

        private void run(Http2Exchange exchange) {
            try {
                behaviour.serve(exchange);
            } catch (Exception e) {
                // The other side is under test and may end a stream at any point of the behaviour.
            } finally {
                exchange.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof IOException) {
                ctx.close();
            }
        }
    }
}
