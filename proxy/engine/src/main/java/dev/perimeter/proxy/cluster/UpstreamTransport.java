package dev.perimeter.proxy.cluster;

/** What the bytes to an endpoint pass through (Envoy: the cluster's transport_socket). */
public sealed interface UpstreamTransport {

    UpstreamTransport PLAIN = new Plain();

    /** As they are. */
    record Plain() implements UpstreamTransport {}
}
