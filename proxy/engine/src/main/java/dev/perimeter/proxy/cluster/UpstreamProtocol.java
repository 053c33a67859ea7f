package dev.perimeter.proxy.cluster;

import dev.perimeter.proxy.snapshot.Http2Options;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the endpoints of a cluster are spoken to (Envoy: HttpProtocolOptions of the cluster). A duration or count of zero
 * means without limit.
 *
 * @param version which HTTP, or who chooses it
 * @param limits for the head of a response, trailers included
 * @param lifetime when a connection ends that could go on
 * @param maxStreamDuration from the first byte of a request to the last of its response
 * @param http2 for connections that speak HTTP/2
 * @param naming whose name TLS asks for; null for that of the configuration
 */
public record UpstreamProtocol(
        Version version,
        HttpLimits limits,
        Lifetime lifetime,
        Duration maxStreamDuration,
        Http2Options http2,
        @Nullable Naming naming) {

    public UpstreamProtocol(
            Version version, HttpLimits limits, Lifetime lifetime, Duration maxStreamDuration, Http2Options http2) {
        this(version, limits, lifetime, maxStreamDuration, http2, null);
    }

    /**
     * TLS asks for the name that the request is for (Envoy: auto_sni). Such requests share a connection only with others for
     * that name.
     *
     * @param header that holds the name (override_auto_sni_header); empty for the authority
     */
    public record Naming(String header) {}

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

    /**
     * What bounds the use of a connection.
     *
     * @param idle how long one without a request is kept
     * @param duration after which it takes no more requests; up to a tenth is taken off by chance, so that connections
     *     that were opened together do not end together
     * @param requests how many it carries at most
     */
    public record Lifetime(Duration idle, Duration duration, int requests) {

        public static Lifetime idle(Duration idle) {
            return new Lifetime(idle, Duration.ZERO, 0);
        }
    }

    public static UpstreamProtocol http1(Duration idleTimeout) {
        return of(Version.HTTP1, idleTimeout);
    }

    public static UpstreamProtocol of(Version version, Duration idleTimeout) {
        return new UpstreamProtocol(
                version, HttpLimits.DEFAULTS, Lifetime.idle(idleTimeout), Duration.ZERO, Http2Options.DEFAULTS);
    }
}
