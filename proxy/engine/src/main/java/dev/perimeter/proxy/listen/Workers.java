package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.health.probe.SocketProber;
import dev.perimeter.proxy.listen.transport.Transport;
import dev.perimeter.proxy.observe.LogWriter;
import dev.perimeter.proxy.observe.LoopLog;
import dev.perimeter.proxy.overload.Overload;
import dev.perimeter.proxy.overload.StreamAccounts;
import dev.perimeter.proxy.runtime.InternalListeners;
import dev.perimeter.proxy.runtime.Worker;
import dev.perimeter.proxy.tls.context.TlsContexts;
import dev.perimeter.proxy.upstream.Upstreams;
import dev.perimeter.proxy.upstream.connect.Connector;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** The event loops with what each owns. A connection stays on the loop that accepted it, and so do its upstreams. */
final class Workers {

    private final Transport transport;
    private final EventLoopGroup group;
    private final PooledByteBufAllocator allocator;
    private final TlsContexts tls;
    private final Map<EventExecutor, Worker> byLoop = new IdentityHashMap<>();
    private final List<Worker> workers = new ArrayList<>();
    private final List<SocketProber.Lane> lanes = new ArrayList<>();

    Workers(DataPlaneOptions options, LogWriter writer, InternalListeners internal, Overload overload) {
        tls = new TlsContexts(options.jdkTls());
        transport = Transport.best(options.nio());
        group = new MultiThreadIoEventLoopGroup(
                options.loops(), new DefaultThreadFactory("loop"), transport.handlers());
        allocator = allocator(options.loops());
        SplittableRandom random = new SplittableRandom(options.seed());
        for (EventExecutor executor : group) {
            EventLoop loop = (EventLoop) executor;
            Connector connector = new Connector(loop, transport.client(), allocator, tls);
            Worker worker = new Worker(
                    workers.size(),
                    loop,
                    new Upstreams(workers.size(), loop, connector, options.clock(), random.split()),
                    new LoopLog(loop, writer),
                    options.clock(),
                    options.calendar(),
                    random.split(),
                    internal,
                    overload,
                    new StreamAccounts(overload.config().leastAccountPower()));
            workers.add(worker);
            lanes.add(new SocketProber.Lane(loop, connector));
            byLoop.put(loop, worker);
        }
    }

    /** One arena for each loop and chunks of 1 MiB: Netty's defaults reserve for machines with many cores. */
    private static PooledByteBufAllocator allocator(int loops) {
        int pageSize = 8192;
        int maxOrder = 7;
        return new PooledByteBufAllocator(true, 1, loops, pageSize, maxOrder, 64, 32, true);
    }

    TlsContexts tls() {
        return tls;
    }

    /** Bytes of the buffers that hold something now. */
    long bufferedBytes() {
        return allocator.pinnedDirectMemory();
    }

    Worker of(Channel channel) {
        Worker worker = byLoop.get(channel.eventLoop());
        if (worker == null) {
            throw new IllegalStateException("a channel of a foreign event loop: " + channel);
        }
        return worker;
    }

    /**
     * @param setup called for each accepted connection, on its loop
     * @param backlog connections that may wait to be accepted
     */
    ServerBootstrap server(ChannelHandler setup, int backlog) {
        return new ServerBootstrap()
                .group(group)
                .channel(transport.server())
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, backlog)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(setup);
    }

    /** Memory is short: the largest streams of each loop go. @param force from 0 to 1 */
    void resetStreams(double force) {
        workers.forEach(worker -> worker.loop().execute(() -> worker.overload().reset(worker.accounts(), force)));
    }

    /** A new configuration is in force; connections to endpoints that are gone drain. */
    void keep(Set<Cluster> clusters) {
        workers.forEach(worker -> worker.loop().execute(() -> worker.upstreams().keep(clusters)));
    }

    /** Ends the loops; what they had to log is handed over before. */
    void close() {
        workers.forEach(
                worker -> worker.loop().submit(worker.upstreams()::close).awaitUninterruptibly(2, TimeUnit.SECONDS));
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        tls.close();
    }

    void flushLogs() {
        workers.forEach(
                worker -> worker.loop().submit(() -> worker.log().flush()).awaitUninterruptibly(2, TimeUnit.SECONDS));
    }

    /** Where active checks run: on the loops, as they cost little and want no thread of their own. */
    List<SocketProber.Lane> lanes() {
        return lanes;
    }

    EventLoop any() {
        return workers.getFirst().loop();
    }
}
