package dev.perimeter.proxy.tcp;

import io.netty.channel.Channel;
import io.netty.channel.DefaultChannelPromise;

/** A promise whose channel is known only when it is kept: which of several endpoints answers is not known before. */
final class DialPromise extends DefaultChannelPromise {

    private final Channel asker;
    private volatile Channel channel;

    DialPromise(Channel asker) {
        super(asker);
        this.asker = asker;
        this.channel = asker;
    }

    void connected(Channel upstream) {
        channel = upstream;
        setSuccess();
    }

    /** The new connection; before it is there, the one that asked. */
    @Override
    public Channel channel() {
        // Null only while the constructor of the superclass runs.
        Channel known = channel;
        return known == null ? asker : known;
    }
}
