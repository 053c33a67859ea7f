package dev.perimeter.proxy.http.h2;

import dev.perimeter.proxy.http.CodecEvent;
import dev.perimeter.proxy.snapshot.Http2Options.KeepAlive;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import java.util.function.Consumer;

/** Asks a peer from time to time whether it is still there, if the config wants that (connection_keepalive). */
final class Pings {

    static final long PING = 0x61_6c_69_76_65L;

    private final KeepAlive config;
    private final Http2ServerConnection codec;
    private final Consumer<CodecEvent> events;
    private long pingAt = StreamTimes.NEVER;
    private long answerBy = StreamTimes.NEVER;

    Pings(KeepAlive config, Http2ServerConnection codec, Consumer<CodecEvent> events) {
        this.config = config;
        this.codec = codec;
        this.events = events;
    }

    /** Answers when to ask for the first time. */
    long begin(long now) {
        pingAt = StreamTimes.after(now, config.interval());
        return pingAt;
    }

    void answered(long now) {
        answerBy = StreamTimes.NEVER;
        codec.wakeAt(begin(now));
    }

    /** Asks, or ends the connection, if it is time; answers when it will be time again. */
    long expire(long now) {
        if (answerBy != StreamTimes.NEVER && answerBy - now <= 0) {
            answerBy = StreamTimes.NEVER;
            events.accept(CodecEvent.KEEPALIVE_TIMEOUT);
            codec.ctx().close();
        } else if (pingAt != StreamTimes.NEVER && pingAt - now <= 0) {
            ChannelHandlerContext ctx = codec.ctx();
            ChannelFuture ignored = codec.encoder().writePing(ctx, false, PING, ctx.newPromise());
            codec.later();
            pingAt = StreamTimes.NEVER;
            answerBy = StreamTimes.after(now, config.timeout());
        }
        return StreamTimes.earlier(pingAt, answerBy);
    }
}
