package dev.perimeter.proxy.tls;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import javax.net.ssl.SSLException;

/** How a TLS connection ends, in the words of connections that have none. */
public final class TlsClosure {

    private TlsClosure() {}

    /** Says that no more comes: with TLS by a close_notify (RFC 8446 section 6.1), and then as TCP does. */
    public static ChannelFuture shutdownOutput(DuplexChannel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return channel.shutdownOutput();
        }
        ChannelFuture said = tls.closeOutbound();
        said.addListener(done -> channel.shutdownOutput());
        return said;
    }

    /** An event from a TLS handler, handed on: a close_notify is the end of the input. */
    public static void event(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof SslCloseCompletionEvent)) {
            ctx.fireUserEventTriggered(event);
        } else if (event == SslCloseCompletionEvent.SUCCESS) {
            if (Boolean.TRUE.equals(ctx.channel().config().getOption(ChannelOption.ALLOW_HALF_CLOSURE))) {
                ctx.fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
            } else {
                ctx.close();
            }
        }
    }

    /** What the peer sent was no TLS, or broken: to a codec that is a broken connection and no fault of ours. */
    public static Throwable asConnectionFault(Throwable cause) {
        boolean tls = cause instanceof DecoderException && cause.getCause() instanceof SSLException
                || cause instanceof SSLException;
        return tls ? new IOException(reason(cause), cause) : cause;
    }

    /** The innermost reason, in one line. */
    public static String reason(Throwable cause) {
        Throwable inner = cause;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        return String.valueOf(inner.getMessage()).replace('\n', ' ');
    }
}
