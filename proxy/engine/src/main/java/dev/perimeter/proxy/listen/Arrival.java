package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.accept.ConnectionFacts;
import dev.perimeter.proxy.accept.Inspector;
import dev.perimeter.proxy.accept.OriginalDestination;
import dev.perimeter.proxy.observe.metric.Cells;
import dev.perimeter.proxy.observe.metric.ListenerMetric;
import dev.perimeter.proxy.runtime.ListenerRuntime;
import dev.perimeter.proxy.snapshot.ListenerFilters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that has not found its filter chain: holds its first bytes until they say enough, or until the wait is
 * over, and gives its place to what the chain says. Reading is off and half-close allowed while it waits.
 */
final class Arrival extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Arrival.class);

    private final ChainSetup setup;
    private final Listener listener;
    private final boolean entered;
    private @Nullable Inspector inspector;
    private @Nullable ConnectionFacts facts;
    private @Nullable ListenerRuntime runtime;
    private @Nullable Future<?> timeout;
    private ByteBuf held = Unpooled.EMPTY_BUFFER;

    /** @param entered true for a channel that is active already when this is added */
    Arrival(ChainSetup setup, boolean entered) {
        this.setup = setup;
        this.listener = setup.listener();
        this.entered = entered;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (entered) {
            begin(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        begin(ctx);
    }

    private void begin(ChannelHandlerContext ctx) {
        ListenerRuntime now = listener.runtime();
        ListenerFilters filters = now.config().filters();
        ConnectionFacts known = ConnectionFacts.of(ctx.channel());
        runtime = now;
        facts = known;
        inspector = new Inspector(filters, known);
        listener.arriving(ctx.channel());
        if (filters.originalDestination()) {
            OriginalDestination.find(ctx.channel(), known);
        }
        if (!filters.timeout().isZero()) {
            timeout = ctx.executor()
                    .schedule(() -> expired(ctx, filters), filters.timeout().toMillis(), TimeUnit.MILLISECONDS);
        }
        look(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        held = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), held, (ByteBuf) message);
        look(ctx);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!ctx.isRemoved()) {
            ctx.read();
        }
    }

    private void look(ChannelHandlerContext ctx) {
        if (inspector == null || runtime == null) {
            return;
        }
        switch (inspector.look(held, runtime.index())) {
            case DONE -> choose(ctx, null);
            case REFUSED -> end(ctx, ListenerMetric.FILTER_REFUSED);
            case MORE -> {
                if (!held.isReadable()) {
                    ctx.read();
                }
            }
        }
    }

    private void expired(ChannelHandlerContext ctx, ListenerFilters filters) {
        timeout = null;
        if (ctx.isRemoved()) {
            return;
        }
        metrics(ctx).increment(ListenerMetric.FILTER_TIMEOUT);
        if (filters.continueOnTimeout()) {
            choose(ctx, null);
        } else {
            ctx.close();
        }
    }

    /** @param end of the input, when it came before the bytes said enough; handed on behind them */
    private void choose(ChannelHandlerContext ctx, @Nullable Object end) {
        stopWaiting(ctx);
        ConnectionFacts known = facts;
        LiveChain chain = known == null ? null : listener.chain(known);
        if (chain == null) {
            end(ctx, ListenerMetric.NO_FILTER_CHAIN);
            return;
        }
        boolean relayed = setup.install(ctx.channel(), chain, true);
        ByteBuf bytes = held;
        held = Unpooled.EMPTY_BUFFER;
        if (bytes.isReadable()) {
            ctx.fireChannelRead(bytes);
            ctx.fireChannelReadComplete();
        } else {
            bytes.release();
        }
        if (end != null) {
            if (relayed) {
                ctx.fireUserEventTriggered(end);
            } else {
                ctx.close();
            }
        }
        if (!ctx.isRemoved()) {
            ctx.pipeline().remove(this);
        }
    }

    private void end(ChannelHandlerContext ctx, ListenerMetric why) {
        metrics(ctx).increment(why);
        ctx.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownReadComplete.INSTANCE) {
            choose(ctx, event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stopWaiting(ctx);
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        held.release();
        held = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.error("closing {} after a fault", ctx.channel(), cause);
        }
        ctx.close();
    }

    private void stopWaiting(ChannelHandlerContext ctx) {
        listener.arrived(ctx.channel());
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
    }

    private Cells<ListenerMetric> metrics(ChannelHandlerContext ctx) {
        return listener.metrics(setup.worker(ctx.channel()).number());
    }
}
