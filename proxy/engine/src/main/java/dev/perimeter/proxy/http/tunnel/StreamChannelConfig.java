package dev.perimeter.proxy.http.tunnel;

import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import org.jspecify.annotations.Nullable;

/** The options of sockets that mean something on a stream. */
final class StreamChannelConfig extends DefaultChannelConfig {

    private final Carrier carrier;
    private volatile boolean halfClosureAllowed = true;
    private volatile int linger = -1;

    StreamChannelConfig(StreamChannel channel, Carrier carrier) {
        super(channel);
        this.carrier = carrier;
    }

    boolean isHalfClosureAllowed() {
        return halfClosureAllowed;
    }

    /** SO_LINGER of 0, as with TCP. */
    boolean closesByReset() {
        return linger == 0;
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        if (option == ChannelOption.ALLOW_HALF_CLOSURE) {
            halfClosureAllowed = (Boolean) value;
            return true;
        }
        if (option == ChannelOption.SO_LINGER) {
            linger = (Integer) value;
            return true;
        }
        return super.setOption(option, value);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable T getOption(ChannelOption<T> option) {
        if (option == ChannelOption.ALLOW_HALF_CLOSURE) {
            return (T) Boolean.valueOf(halfClosureAllowed);
        }
        if (option == ChannelOption.SO_LINGER) {
            return (T) Integer.valueOf(linger);
        }
        return super.getOption(option);
    }

    @Override
    protected void autoReadCleared() {
        carrier.pauseReading(true);
    }
}
