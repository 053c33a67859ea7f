package dev.perimeter.proxy.tls;

import dev.perimeter.proxy.filter.Attribute;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What a handshake found out; read once when it is over and kept for the life of the connection.
 *
 * @param version e.g. {@code TLSv1.3}
 * @param cipher by the name OpenSSL gives it
 * @param alpn the protocol agreed on, or null
 * @param serverName the client asked for, or null
 * @param peer the other end's certificate, or null
 * @param local the own certificate, or null
 */
public record TlsConnection(
        String version,
        String cipher,
        @Nullable String alpn,
        @Nullable String serverName,
        @Nullable PeerCertificate peer,
        @Nullable PeerCertificate local) {

    /** Under this a filter finds what is known of the client's TLS; absent on plain connections. */
    public static final Attribute<TlsConnection> DOWNSTREAM = new Attribute<>("downstream TLS");

    /** Under this a session holds the chains of which the suite chose one, as a list of arrays; absent when one was all. */
    public static final String OFFERED = "dev.perimeter.offered";

    /** To be asked when the handshake has succeeded, on the event loop of the connection. */
    public static TlsConnection of(SslHandler handler) {
        SSLSession session = handler.engine().getSession();
        return new TlsConnection(
                session.getProtocol(),
                CipherNames.openSsl(session.getCipherSuite()),
                handler.applicationProtocol(),
                serverName(session),
                peer(session),
                first(own(session)));
    }

    private static @Nullable PeerCertificate peer(SSLSession session) {
        try {
            return first(session.getPeerCertificates());
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }

    /** The session knows only what was given to it last. */
    private static Certificate @Nullable [] own(SSLSession session) {
        if (session.getValue(OFFERED) instanceof List<?> chains) {
            boolean rsa = !session.getCipherSuite().contains("_ECDSA_");
            for (Object one : chains) {
                if (one instanceof Certificate[] chain
                        && chain[0].getPublicKey().getAlgorithm().equals("RSA") == rsa) {
                    return chain;
                }
            }
        }
        return session.getLocalCertificates();
    }

    private static @Nullable PeerCertificate first(Certificate @Nullable [] chain) {
        if (chain == null || chain.length == 0 || !(chain[0] instanceof X509Certificate leaf)) {
            return null;
        }
        List<X509Certificate> issuers = chain.length == 1 ? List.of() : new ArrayList<>();
        for (int i = 1; i < chain.length; i++) {
            if (chain[i] instanceof X509Certificate issuer) {
                issuers.add(issuer);
            }
        }
        return PeerCertificate.of(leaf, issuers);
    }

    private static @Nullable String serverName(SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (var name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return null;
    }
}
