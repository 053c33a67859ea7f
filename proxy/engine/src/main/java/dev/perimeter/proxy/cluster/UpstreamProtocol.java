package dev.perimeter.proxy.cluster;

import java.time.Duration;

/**
 * How the endpoints of a cluster are spoken to (Envoy: HttpProtocolOptions of the cluster). A duration or count of zero
 * means without limit.
 *
 * @param version which HTTP, or who chooses it
 * @param idleTimeout how long a connection without a request is kept
 */
public record UpstreamProtocol(Version version, Duration idleTimeout) {

    /** Who decides which HTTP is spoken. */
    public enum Version {
        HTTP1,
        /** Over TLS or, without it, with prior knowledge (RFC 9113 section 3.3). */
        HTTP2,
        /** The TLS handshake (RFC 7301); HTTP/1.1 where there is none. */
        ALPN,
        /** Each request goes on as it came in. */
        AS_DOWNSTREAM
    }

    public static UpstreamProtocol http1(Duration idleTimeout) {
        return new UpstreamProtocol(Version.HTTP1, idleTimeout);
    }
}
