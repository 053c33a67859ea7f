package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.accept.ConnectionFacts;
import dev.perimeter.proxy.observe.metric.Cells;
import dev.perimeter.proxy.observe.metric.ListenerMetric;
import dev.perimeter.proxy.tls.DownstreamTls;
import dev.perimeter.proxy.tls.TlsClosure;
import dev.perimeter.proxy.tls.TlsConnection;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the handshake with a client, notes once what it found out, and puts the chain's manager behind itself. Stays
 * to tell what TLS reports as what it means for a connection.
 */
final class Handshake extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Handshake.class);

    private final ChainSetup setup;
    private final LiveChain chain;
    private final DownstreamTls config;
    private final SslHandler tls;
    private boolean managed;

    Handshake(ChainSetup setup, LiveChain chain, DownstreamTls config, SslHandler tls) {
        this.setup = setup;
        this.chain = chain;
        this.config = config;
        this.tls = tls;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        setup.listener().arriving(ctx.channel());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
            TlsClosure.event(ctx, event);
        } else if (handshake.isSuccess()) {
            succeeded(ctx);
        } else {
            failed(ctx, handshake.cause());
        }
    }

    private void succeeded(ChannelHandlerContext ctx) {
        TlsConnection connection = TlsConnection.of(tls);
        if (config.requireSni() && connection.serverName() == null) {
            failed(ctx, new java.io.IOException("the client named no server"));
            return;
        }
        Cells<ListenerMetric> metrics = metrics(ctx);
        metrics.increment(ListenerMetric.TLS_HANDSHAKES);
        if (connection.peer() == null) {
            metrics.increment(ListenerMetric.TLS_NO_CERTIFICATE);
        }
        ConnectionFacts.of(ctx.channel()).secured(connection);
        setup.listener().arrived(ctx.channel());
        managed = true;
        setup.manage(ctx.channel(), chain, true, connection.alpn());
    }

    private void failed(ChannelHandlerContext ctx, Throwable cause) {
        boolean late = cause instanceof SslHandshakeTimeoutException;
        metrics(ctx).increment(late ? ListenerMetric.TLS_TIMEOUT : ListenerMetric.TLS_ERRORS);
        // Any scanner can cause this as often as it likes, so it is counted and told only to those who look.
        LOG.debug("no TLS with {}: {}", ConnectionFacts.of(ctx.channel()).remote(), TlsClosure.reason(cause));
        ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (managed) {
            ctx.fireExceptionCaught(TlsClosure.asConnectionFault(cause));
        } else {
            ctx.close();
        }
    }

    private Cells<ListenerMetric> metrics(ChannelHandlerContext ctx) {
        return setup.listener().metrics(setup.worker(ctx.channel()).number());
    }
}
