package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.accept.ConnectionFacts;
import dev.perimeter.proxy.observe.metric.ListenerMetric;
import dev.perimeter.proxy.runtime.ListenerRuntime;
import dev.perimeter.proxy.runtime.Worker;
import dev.perimeter.proxy.snapshot.ListenerFilters;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;

/** Looks at an accepted connection for the first time: most listeners know its filter chain without a byte of it. */
final class ConnectionSetup extends ChannelInitializer<Channel> {

    private final ChainSetup setup;

    ConnectionSetup(ChainSetup setup) {
        this.setup = setup;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (!admitted(channel)) {
            channel.close();
            return;
        }
        Listener listener = setup.listener();
        int loop = setup.worker(channel).number();
        listener.accepted(channel, loop);
        ListenerRuntime runtime = listener.runtime();
        ConnectionFacts facts = ConnectionFacts.of(channel);
        if (mustWait(runtime, facts)) {
            channel.config().setAutoRead(false);
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            channel.pipeline().addLast(new Arrival(setup, false));
            return;
        }
        LiveChain chain = listener.chain(facts);
        if (chain == null) {
            listener.metrics(loop).increment(ListenerMetric.NO_FILTER_CHAIN);
            channel.close();
            return;
        }
        setup.install(channel, chain, false);
    }

    private static boolean mustWait(ListenerRuntime runtime, ConnectionFacts facts) {
        ListenerFilters filters = runtime.config().filters();
        return filters.proxyProtocol() != null
                || filters.originalDestination()
                || (filters.tls() || filters.http()) && runtime.index().dependsOnBytes(facts);
    }

    /** Before anything is spent on it. */
    private boolean admitted(Channel channel) {
        Worker worker = setup.worker(channel);
        String name = setup.listener().runtime().config().name();
        boolean admitted = worker.overload().admit(name, worker.random());
        if (admitted) {
            channel.closeFuture().addListener(closed -> worker.overload().closed(name));
        }
        return admitted;
    }
}
