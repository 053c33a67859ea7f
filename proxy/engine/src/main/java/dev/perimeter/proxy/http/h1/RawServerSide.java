package dev.perimeter.proxy.http.h1;

import dev.perimeter.proxy.http.StreamReset;
import dev.perimeter.proxy.peer.PeerGone;
import dev.perimeter.proxy.tls.TlsClosure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection after a 101: bytes pass as they are, and each direction has an end of its own. It takes the place
 * of the codec in the pipeline. Of all time-outs only the one on silence is left.
 */
final class RawServerSide extends Http1Connection implements ConnectionTimer.Deadlines {

    private final Http1ServerStream stream;
    private final ServerDeadlines deadlines;
    private @Nullable ConnectionTimer timer;
    private boolean paused;
    private boolean inputOver;
    private boolean inputEnded;
    private boolean outputEnded;

    /** @param paused whether nobody takes bytes of the client yet */
    RawServerSide(Http1ServerStream stream, ServerDeadlines deadlines, boolean paused) {
        this.stream = stream;
        this.deadlines = deadlines;
        this.paused = paused;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        super.handlerAdded(context);
        timer = new ConnectionTimer(context.executor(), this);
        touch();
        takeOver();
    }

    /** Takes ownership. */
    void send(ByteBuf data, boolean endOfStream) {
        if (outputEnded) {
            data.release();
            return;
        }
        touch();
        outbox().data(data);
        if (endOfStream) {
            outputEnded = true;
            outbox().finish().addListener(written -> endOutput());
            endIfOver();
        }
    }

    /** Our half of the connection ends behind the last byte. */
    private void endOutput() {
        if (inputEnded || !(channel() instanceof DuplexChannel duplex)) {
            ctx().close();
        } else {
            TlsClosure.shutdownOutput(duplex);
        }
    }

    void pause(boolean pause) {
        if (paused != pause) {
            paused = pause;
            resume();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        touch();
        super.channelRead(context, message);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        touch();
        if (channel().isWritable()) {
            stream.writable();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownReadComplete.INSTANCE) {
            // Netty reports the end of the input after a reset, too, and before bytes that nobody took yet.
            inputOver = !broken();
            pumped();
        } else if (event == PeerGone.RESET && paused) {
            // A FIN says only that the client is done; a reset, that nobody is there.
            lost(PeerGone.RESET);
        } else if (event != ChannelInputShutdownEvent.INSTANCE) {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    boolean accepts() {
        return !paused;
    }

    @Override
    void consume(ByteBuf in) {
        stream.deliver(in.readRetainedSlice(in.readableBytes()), false);
    }

    @Override
    boolean paused() {
        return paused;
    }

    @Override
    void pumped() {
        if (inputOver && !inputEnded && !holdsBytes()) {
            inputEnded = true;
            stream.deliver(Unpooled.EMPTY_BUFFER, true);
            endIfOver();
        }
        timer().update();
    }

    private void endIfOver() {
        if (inputEnded && outputEnded) {
            stream.rawEnded();
            deadlines.lastWordsBegin(timer().now());
            // Behind the last byte; closing twice does no harm.
            outbox().finish().addListener(written -> ctx().close());
        }
    }

    @Override
    void gone() {
        timer().cancel();
        stream.gone(new StreamReset(
                StreamReset.Cause.REMOTE_CLOSED, true, "the client closed the connection before both sides had ended"));
    }

    @Override
    public long deadline() {
        return inputEnded && outputEnded ? deadlines.grace() : deadlines.reply();
    }

    @Override
    public void expired() {
        stream.gone(new StreamReset(
                StreamReset.Cause.TIMEOUT, false, "nothing moved in the exchange for longer than allowed"));
        ctx().close();
    }

    private void touch() {
        deadlines.activity(timer().now());
    }

    private ConnectionTimer timer() {
        if (timer == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return timer;
    }
}
