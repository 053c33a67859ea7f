package dev.perimeter.proxy.http.tunnel;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHandler;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.SocketAddress;

/**
 * A stream after CONNECT as a connection of its own (RFC 9113 section 8.5): whoever takes connections, a relay or a
 * listener, takes this one and need not know. The end of the stream is FIN, its reset is RST; the window of the stream is
 * the room to write, and what nobody reads stays in the peer's window. Runs on the event loop of the connection that the
 * stream is on.
 */
public final class StreamChannel extends AbstractChannel implements DuplexChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false);

    private final Carrier carrier;
    private final StreamChannelConfig config;
    private final Input input = new Input();
    private volatile boolean open = true;
    private volatile boolean inputOver;
    private volatile boolean outputOver;
    private boolean carrierGone;
    private boolean broken;

    /** @param connection that the stream is on */
    public StreamChannel(Channel connection, Carrier carrier) {
        super(connection);
        this.carrier = carrier;
        this.config = new StreamChannelConfig(this, carrier);
        config.setAllocator(connection.config().getAllocator());
    }

    /** Begins with this handler; auto-read is off and half-close allowed. */
    public void begin(ChannelHandler first) {
        config.setAutoRead(false);
        ChannelFuture ignored = parent().eventLoop().register(this);
        // Behind the registration, so that a handler which wants an active channel is not told of it twice.
        pipeline().addLast(first);
    }

    /** Where the stream delivers what it receives. */
    public RequestHandler input() {
        return input;
    }

    private final class Input implements RequestHandler {

        @Override
        public void onHead(RequestHead head, boolean endOfStream) {
            throw new IllegalStateException("the head of a request in its middle");
        }

        @Override
        public void onData(ByteBuf data, boolean endOfStream) {
            if (!open || inputOver) {
                data.release();
                return;
            }
            if (!config.isAutoRead()) {
                carrier.pauseReading(true);
            }
            if (data.isReadable()) {
                pipeline().fireChannelRead(data);
            } else {
                data.release();
            }
            pipeline().fireChannelReadComplete();
            if (endOfStream) {
                end();
            }
        }

        @Override
        public void onTrailers(Headers trailers) {
            end();
        }

        private void end() {
            if (!open || inputOver) {
                return;
            }
            inputOver = true;
            if (config.isHalfClosureAllowed()) {
                pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
            } else {
                close();
            }
        }

        @Override
        public void onReset(StreamReset reason) {
            if (open) {
                broken = true;
                carrierGone = reason.connectionGone();
                pipeline().fireExceptionCaught(new IOException(reason.sentence()));
                close();
            }
        }

        @Override
        public void onWritable() {
            if (open) {
                ((StreamUnsafe) unsafe()).resume();
            }
        }
    }

    @Override
    protected void doBeginRead() {
        carrier.pauseReading(false);
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) {
        while (carrier.isWritable()) {
            Object message = out.current();
            if (message == null) {
                return;
            }
            if (message instanceof ByteBuf bytes) {
                ByteBuf sent = bytes.retain();
                // Before it is sent: sending may come back here, by a change of the window.
                out.remove();
                if (sent.isReadable()) {
                    carrier.send(sent);
                } else {
                    sent.release();
                }
            } else {
                out.remove(new UnsupportedOperationException("a stream carries buffers"));
            }
        }
    }

    @Override
    protected void doShutdownOutput() {
        if (!outputOver) {
            outputOver = true;
            carrier.end();
        }
    }

    @Override
    protected void doClose() {
        open = false;
        inputOver = true;
        outputOver = true;
        if (!carrierGone) {
            carrier.close(broken || config.closesByReset());
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open;
    }

    @Override
    public boolean isInputShutdown() {
        return inputOver;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputOver;
    }

    @Override
    public boolean isShutdown() {
        return inputOver && outputOver;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        if (eventLoop().inEventLoop()) {
            ((AbstractUnsafe) unsafe()).shutdownOutput(promise);
        } else {
            eventLoop().execute(() -> ((AbstractUnsafe) unsafe()).shutdownOutput(promise));
        }
        return promise;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    /** There is no frame for it: what still comes is not delivered. */
    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        inputOver = true;
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        inputOver = true;
        return shutdownOutput(promise);
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop == parent().eventLoop();
    }

    @Override
    protected SocketAddress localAddress0() {
        return parent().localAddress();
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return parent().remoteAddress();
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException("a stream is accepted, not bound");
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new StreamUnsafe();
    }

    private final class StreamUnsafe extends AbstractUnsafe {

        @Override
        public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
            promise.setFailure(new UnsupportedOperationException("a stream is accepted, not connected"));
        }

        void resume() {
            flush0();
        }
    }
}
