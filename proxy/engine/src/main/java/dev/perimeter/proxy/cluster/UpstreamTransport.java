package dev.perimeter.proxy.cluster;

import dev.perimeter.proxy.tls.UpstreamTls;
import org.jspecify.annotations.Nullable;

/** What the bytes to an endpoint pass through (Envoy: the cluster's transport_socket). */
public sealed interface UpstreamTransport {

    UpstreamTransport PLAIN = new Plain();

    /** As they are. */
    record Plain() implements UpstreamTransport {}

    record Tls(UpstreamTls config) implements UpstreamTransport {}

    /**
     * A header before all else says whose connection it is (HAProxy's PROXY protocol). A connection that many clients share
     * says that it is the proxy's own.
     *
     * @param version 1 or 2
     * @param inner what comes behind the header
     */
    record ProxyProtocol(int version, UpstreamTransport inner) implements UpstreamTransport {}

    /** The TLS that is spoken, behind whatever header; null for none. */
    default @Nullable UpstreamTls tls() {
        return switch (this) {
            case Plain() -> null;
            case Tls(UpstreamTls config) -> config;
            case ProxyProtocol(int version, UpstreamTransport inner) -> inner.tls();
        };
    }
}
