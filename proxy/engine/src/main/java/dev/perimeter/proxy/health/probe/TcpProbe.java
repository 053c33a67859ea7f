package dev.perimeter.proxy.health.probe;

import dev.perimeter.proxy.cluster.health.HealthCheck;
import dev.perimeter.proxy.health.Finding;
import dev.perimeter.proxy.health.probe.SocketProber.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Asks by a connection, and by some bytes if there are any to be sent. */
final class TcpProbe extends ProbeSession {

    /** More than that is no answer to a check. */
    private static final int MOST_BYTES = 64 * 1024;

    private final byte[] question;
    private final List<byte[]> expected;
    private byte[] received = {};

    TcpProbe(Target target, HealthCheck.Tcp config) {
        super(target);
        question = HexFormat.of().parseHex(config.send());
        expected = config.receive().stream()
                .map(part -> HexFormat.of().parseHex(part))
                .toList();
    }

    @Override
    ChannelHandler handler() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ByteBuf bytes = (ByteBuf) message;
                hear(ByteBufUtil.getBytes(bytes));
                bytes.release();
            }

            @Override
            public void channelInactive(ChannelHandlerContext ctx) {
                done(Finding.NETWORK_FAILURE);
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                ctx.close();
            }
        };
    }

    @Override
    boolean canAskAgain() {
        return true;
    }

    @Override
    void send() {
        received = new byte[0];
        if (question.length > 0) {
            channel().writeAndFlush(Unpooled.wrappedBuffer(question));
        }
        if (expected.isEmpty()) {
            done(Finding.HEALTHY);
        }
    }

    private void hear(byte[] bytes) {
        int length = received.length;
        received = Arrays.copyOf(received, length + bytes.length);
        System.arraycopy(bytes, 0, received, length, bytes.length);
        if (matches()) {
            done(Finding.HEALTHY);
        } else if (received.length > MOST_BYTES) {
            done(Finding.UNHEALTHY);
        }
    }

    private boolean matches() {
        int from = 0;
        for (byte[] part : expected) {
            int at = indexOf(part, from);
            if (at < 0) {
                return false;
            }
            from = at + part.length;
        }
        return true;
    }

    private int indexOf(byte[] part, int from) {
        for (int i = from; i + part.length <= received.length; i++) {
            if (Arrays.equals(received, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        return -1;
    }
}
