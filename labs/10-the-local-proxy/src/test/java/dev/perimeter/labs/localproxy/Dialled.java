package dev.perimeter.labs.localproxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.DefaultChannelPromise;

/**
 * The future of a dial, as the product's dialer gives it: which connection it becomes is known only when it has succeeded.
 * Whoever asks before gets the connection that asked.
 */
final class Dialled extends DefaultChannelPromise {

    private Channel upstream;

    private Dialled(Channel downstream) {
        super(downstream);
        this.upstream = downstream;
    }

    static ChannelFuture of(Channel downstream, ChannelFuture connecting) {
        Dialled promise = new Dialled(downstream);
        connecting.addListener(done -> {
            if (done.isSuccess()) {
                promise.upstream = connecting.channel();
                promise.setSuccess();
            } else {
                promise.setFailure(done.cause());
            }
        });
        return promise;
    }

    @Override
    public Channel channel() {
        // Null only while the constructor of the superclass runs.
        return upstream == null ? super.channel() : upstream;
    }
}
