package dev.perimeter.proxy.tls.context;

import dev.perimeter.proxy.tls.UpstreamTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * The context of one piece of configuration as it is at this moment. Exchanged by the control thread; asked for handlers
 * on event loops. A connection keeps the context it began with.
 */
public final class LiveContext {

    private final @Nullable UpstreamTls upstream;
    private volatile @Nullable Generation current;

    // Of the control thread alone.
    @Nullable
    Material material;

    LiveContext(@Nullable UpstreamTls upstream) {
        this.upstream = upstream;
    }

    /**
     * A handler for an accepted connection; null as long as the secrets have not come.
     *
     * @param tickets whether the client may be given some
     */
    public @Nullable SslHandler server(ByteBufAllocator allocator, boolean tickets) {
        return with(context -> {
            SslHandler handler = context.newHandler(allocator);
            if (!tickets && handler.engine() instanceof ReferenceCountedOpenSslEngine engine) {
                // The library gives tickets under keys of its own to any context that was not told otherwise.
                SSL.setOptions(engine.sslPointer(), SSL.SSL_OP_NO_TICKET);
            }
            return handler;
        });
    }

    /**
     * A handler for a connection to that address; null as long as the secrets have not come.
     *
     * @param instead of the configured name; an address is looked for in the certificate, but not sent
     */
    public @Nullable SslHandler client(
            ByteBufAllocator allocator, InetSocketAddress address, @Nullable String instead) {
        String name = instead != null ? instead : upstream == null ? "" : upstream.sni();
        // The name under which sessions are kept to be resumed; one that is an address is not sent.
        String host = name.isEmpty() ? address.getAddress().getHostAddress() : name;
        return with(context -> {
            SslHandler handler = context.newHandler(allocator, host, address.getPort());
            if (!name.isEmpty() && (instead == null || !NetUtil.isValidIpV4Address(name) && name.indexOf(':') < 0)) {
                name(handler.engine(), name);
            }
            return handler;
        });
    }

    private static void name(SSLEngine engine, String name) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        engine.setSSLParameters(parameters);
    }

    private @Nullable SslHandler with(Function<SslContext, SslHandler> make) {
        Generation generation = current;
        while (generation != null && !generation.acquire()) {
            generation = current;
        }
        if (generation == null) {
            return null;
        }
        try {
            return make.apply(generation.context());
        } finally {
            generation.release();
        }
    }

    /** Handshakes from now on use this one; null for none. */
    void become(@Nullable SslContext next) {
        Generation before = current;
        current = next == null ? null : new Generation(next);
        if (before != null) {
            before.release();
        }
    }

    boolean isReady() {
        return current != null;
    }
}
