package dev.perimeter.proxy.snapshot;

/** What the bytes of a client come in (Envoy: the filter chain's transport_socket). */
public sealed interface DownstreamTransport {

    DownstreamTransport PLAIN = new Plain();

    /** As they are. */
    record Plain() implements DownstreamTransport {}
}
