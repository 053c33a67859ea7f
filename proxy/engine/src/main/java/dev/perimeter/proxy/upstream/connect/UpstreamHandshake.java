package dev.perimeter.proxy.upstream.connect;

import dev.perimeter.proxy.accept.ConnectionFacts;
import dev.perimeter.proxy.cluster.UpstreamTransport;
import dev.perimeter.proxy.tls.TlsClosure;
import dev.perimeter.proxy.tls.UpstreamTls;
import dev.perimeter.proxy.tls.context.LiveContext;
import dev.perimeter.proxy.tls.context.TlsContexts;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Between TCP and the codec: writes the header, shakes hands, and only then lets the codec know that the connection is
 * there. Stays in the pipeline to tell what TLS reports as what it means for a connection.
 */
final class UpstreamHandshake extends ChannelInboundHandlerAdapter {

    private final TlsContexts contexts;
    private final UpstreamTransport transport;
    private final @Nullable ConnectionFacts client;
    private final InetSocketAddress address;
    private final int timeoutMillis;
    private final ChannelHandler next;
    private @Nullable ChannelPromise ready;

    UpstreamHandshake(
            TlsContexts contexts,
            UpstreamTransport transport,
            @Nullable ConnectionFacts client,
            InetSocketAddress address,
            int timeoutMillis,
            ChannelHandler next) {
        this.contexts = contexts;
        this.transport = transport;
        this.client = client;
        this.address = address;
        this.timeoutMillis = timeoutMillis;
        this.next = next;
    }

    /** A future that is kept when {@code connecting} is and the handshake is done. */
    ChannelFuture after(ChannelFuture connecting) {
        ChannelPromise promise = connecting.channel().newPromise();
        ready = promise;
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                promise.tryFailure(done.cause());
            }
        });
        return promise;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.pipeline().addAfter(ctx.name(), null, next);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (transport instanceof UpstreamTransport.ProxyProtocol(int version, UpstreamTransport inner)) {
            ctx.writeAndFlush(RelayHeader.write(version, client, ctx.alloc()), ctx.voidPromise());
        }
        UpstreamTls config = transport.tls();
        if (config == null) {
            succeeded(ctx);
            return;
        }
        LiveContext live = contexts.client(config);
        SslHandler tls = live == null ? null : live.client(ctx.alloc(), address, transport.serverName());
        if (tls == null) {
            failed(ctx, new IOException("the certificates of the cluster have not come"));
            return;
        }
        tls.setHandshakeTimeoutMillis(timeoutMillis);
        ctx.pipeline().addBefore(ctx.name(), null, tls);
        ctx.read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
            TlsClosure.event(ctx, event);
        } else if (handshake.isSuccess()) {
            succeeded(ctx);
        } else {
            failed(ctx, new IOException("TLS handshake: " + TlsClosure.reason(handshake.cause()), handshake.cause()));
        }
    }

    private void succeeded(ChannelHandlerContext ctx) {
        ctx.fireChannelActive();
        ready().trySuccess();
    }

    private void failed(ChannelHandlerContext ctx, IOException cause) {
        ready().tryFailure(cause);
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ready().tryFailure(new IOException("closed before the handshake was done"));
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (ready().isSuccess()) {
            ctx.fireExceptionCaught(TlsClosure.asConnectionFault(cause));
        } else {
            failed(ctx, new IOException(TlsClosure.reason(cause), cause));
        }
    }

    private ChannelPromise ready() {
        return Objects.requireNonNull(ready, "active before it was asked for");
    }
}
