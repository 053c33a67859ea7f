package dev.perimeter.labs.localproxy;

import dev.perimeter.proxy.tcp.Relay;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;

/** Refused: takes its buffers from where nobody counts them, and memory by its address. */
public final class LocalProxy implements Relay {

    @Override
    public void accepted(Channel downstream, Dialer upstream) {
        downstream.config().setAllocator(new UnpooledByteBufAllocator(true, true));
        downstream.config().setOption(ChannelOption.ALLOCATOR, downstream.alloc());
        downstream.config().setOption(ChannelOption.valueOf("ALLOCATOR"), downstream.alloc());
        downstream.config().getOptions().keySet().forEach(System.out::println);
        ByteBufUtil.setLeakListener(null);
        ByteBuf bytes = Unpooled.directBuffer(8);
        Unpooled.wrappedBuffer(bytes.memoryAddress(), 8, false);
    }
}
