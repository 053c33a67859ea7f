package dev.perimeter.proxy.tls;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * TLS with clients (Envoy: DownstreamTlsContext).
 *
 * @param requireSni handshakes without a server name fail
 * @param ticketKeys null for keys of this process's own
 * @param statelessResumption whether tickets are given
 * @param statefulResumption whether sessions are kept here
 * @param alwaysScan whether, when no certificate stands for the name that was asked for, the kinds of key that the client
 *     can use are tried before the order of the certificates
 * @param sessionTimeout how long a session may be resumed; zero for the library's own choice
 */
public record DownstreamTls(
        TlsSettings settings,
        boolean requireClientCertificate,
        boolean requireSni,
        boolean alwaysScan,
        Secret.@Nullable Reference<SessionTicketKeys> ticketKeys,
        boolean statelessResumption,
        boolean statefulResumption,
        Duration sessionTimeout) {

    public static DownstreamTls of(TlsSettings settings, boolean requireClientCertificate) {
        return new DownstreamTls(settings, requireClientCertificate, false, false, null, true, true, Duration.ZERO);
    }
}
