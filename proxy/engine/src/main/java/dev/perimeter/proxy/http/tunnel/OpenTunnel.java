package dev.perimeter.proxy.http.tunnel;

import dev.perimeter.proxy.peer.Unsent;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the bytes of a CONNECT pass through.
 *
 * @param client the connection of the client, or its stream
 * @param upstream the connection behind it; null when it is inside, where what it holds is accounted for by itself
 */
public record OpenTunnel(Channel client, @Nullable Channel upstream) {

    public long bufferedBytes() {
        return Unsent.bytes(client) + (upstream == null ? 0 : Unsent.bytes(upstream));
    }

    /** Ends it before its end: neither side may take what it got for the whole, so each sees a reset and no FIN. */
    public void tear(String why) {
        client.config().setOption(ChannelOption.SO_LINGER, 0);
        client.pipeline().fireExceptionCaught(new IOException(why));
        client.close();
    }
}
