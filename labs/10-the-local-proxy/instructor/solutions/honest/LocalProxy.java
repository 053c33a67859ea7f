package dev.perimeter.labs.localproxy;

import dev.perimeter.proxy.tcp.Relay;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All six rungs, written the long way round: with records, enums, switches over patterns, lambdas, collections, counters,
 * exceptions and a word on the terminal. An honest submission may use all of these.
 */
public final class LocalProxy implements Relay {

    private static final AtomicLong CONNECTIONS = new AtomicLong();
    private static final Map<Side, String> NAMES = new EnumMap<>(Map.of(Side.ORDER, "order", Side.PAYMENT, "payment"));

    private enum Side {
        ORDER,
        PAYMENT
    }

    private sealed interface What {}

    private record Bytes(ByteBuf held) implements What {}

    private record End(Side side, long number) implements What {}

    private record Broken(Throwable cause) implements What {}

    @Override
    public void accepted(Channel downstream, Dialer upstream) {
        long number = CONNECTIONS.incrementAndGet();
        Pump back = new Pump(Side.PAYMENT, downstream, number);
        ChannelFuture dialled = upstream.dial(downstream, back);
        dialled.addListener((ChannelFutureListener) done -> {
            if (!done.isSuccess()) {
                System.out.printf("connection %d: %s%n", number, done.cause().getMessage());
                downstream.close();
                return;
            }
            Pump forth = new Pump(Side.ORDER, done.channel(), number);
            back.opposite = Optional.of(forth);
            forth.opposite = Optional.of(back);
            downstream.pipeline().addLast(forth);
            List.of(downstream, done.channel()).forEach(Channel::read);
        });
    }

    private static final class Pump extends ChannelInboundHandlerAdapter {

        private final Side side;
        private final Channel other;
        private final long number;
        private final ArrayDeque<What> waiting = new ArrayDeque<>();
        private Optional<Pump> opposite = Optional.empty();
        private boolean ended;

        Pump(Side side, Channel other, long number) {
            this.side = side;
            this.other = other;
            this.number = number;
        }

        @Override
        public void channelRead(ChannelHandlerContext connection, Object message) {
            pass(connection, message instanceof ByteBuf bytes ? new Bytes(bytes) : new Broken(strange(message)));
        }

        private static RuntimeException strange(Object message) {
            ReferenceCountUtil.release(message);
            return new IllegalStateException("not bytes: " + message.getClass().getSimpleName());
        }

        private void pass(ChannelHandlerContext connection, What what) {
            assert connection.channel() != other : "a connection with itself";
            waiting.add(what);
            try {
                take(connection, waiting.removeFirst());
            } catch (IllegalStateException | UnsupportedOperationException unexpected) {
                throw new RuntimeException("at " + NAMES.get(side), unexpected);
            }
        }

        private void take(ChannelHandlerContext connection, What what) {
            switch (what) {
                case Bytes(ByteBuf held) when !held.isReadable() -> held.release();
                case Bytes(ByteBuf held) ->
                    other.writeAndFlush(held).addListener(written -> {
                        if (written.isSuccess()) {
                            connection.read();
                        } else if (!(written.cause() instanceof ClosedChannelException)) {
                            connection.close();
                        }
                    });
                case End(Side from, long count) when from == side && count == number -> shutDown(connection);
                case End end -> throw new IllegalStateException("whose end? " + end);
                case Broken(Throwable cause) -> {
                    if (!(cause instanceof IOException)) {
                        System.err.println(NAMES.get(side) + ": " + cause);
                    }
                    other.config().setOption(ChannelOption.SO_LINGER, 0);
                    other.close();
                    connection.close();
                }
            }
        }

        private void shutDown(ChannelHandlerContext connection) {
            ended = true;
            other.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener(flushed -> ((DuplexChannel) other)
                            .shutdownOutput()
                            .addListener(done -> {
                                if (opposite.map(pump -> pump.ended).orElse(true)) {
                                    connection.close();
                                    other.close();
                                }
                            }));
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext connection, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE && !ended) {
                pass(connection, new End(side, number));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext connection) {
            other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext connection, Throwable cause) {
            pass(connection, new Broken(cause));
        }
    }
}
