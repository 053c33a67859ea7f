package dev.perimeter.proxy.snapshot;

import dev.perimeter.proxy.tls.DownstreamTls;

/** What the bytes of a client come in (Envoy: the filter chain's transport_socket). */
public sealed interface DownstreamTransport {

    DownstreamTransport PLAIN = new Plain();

    /** As they are. */
    record Plain() implements DownstreamTransport {}

    record Tls(DownstreamTls config) implements DownstreamTransport {}
}
