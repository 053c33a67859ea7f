package dev.perimeter.proxy.peer;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/** What a connection holds since its peer does not read. To be asked on its event loop. */
public final class Unsent {

    private Unsent() {}

    /** Bytes that the kernel has not taken yet. */
    public static long bytes(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }
}
