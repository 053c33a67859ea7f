package dev.perimeter.proxy.tls.context;

import dev.perimeter.proxy.tls.PeerCertificate;
import dev.perimeter.proxy.tls.SanMatch;
import dev.perimeter.proxy.tls.ValidationContext;
import io.netty.util.NetUtil;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Judges the peer's certificate: who signed it, what names it holds, whether it is one that was pinned. */
final class PeerVerifier extends X509ExtendedTrustManager {

    private final @Nullable X509TrustManager authorities;
    private final @Nullable ValidationContext context;
    private final boolean sniIsSan;

    /**
     * @param context null believes any certificate
     * @param authorities who may have signed it, or null to ask for nobody
     * @param sniIsSan the name that was asked for must stand in the certificate
     */
    PeerVerifier(@Nullable ValidationContext context, @Nullable X509TrustManager authorities, boolean sniIsSan) {
        this.context = context;
        this.sniIsSan = sniIsSan;
        this.authorities = authorities;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        if (authorities != null) {
            authorities.checkClientTrusted(chain, authType);
        }
        judge(chain[0], null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        if (authorities != null) {
            authorities.checkServerTrusted(chain, authType);
        }
        judge(chain[0], sniIsSan ? engine.getPeerHost() : null);
    }

    private void judge(X509Certificate leaf, @Nullable String host) throws CertificateException {
        if (host != null && !standsFor(leaf, host)) {
            throw new CertificateException("the certificate does not stand for " + host);
        }
        if (context == null) {
            return;
        }
        if (!context.subjectAltNames().isEmpty() && !named(leaf, context.subjectAltNames())) {
            throw new CertificateException("no subject alternative name fits: "
                    + PeerCertificate.names(leaf).stream()
                            .map(PeerCertificate.Name::value)
                            .toList());
        }
        if (!pinned(leaf, context)) {
            throw new CertificateException("the certificate is none of those that were pinned");
        }
    }

    /** A name is looked for among names, an address among addresses (RFC 9110 section 4.3.4). */
    private static boolean standsFor(X509Certificate leaf, String host) {
        boolean address = NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
        for (PeerCertificate.Name name : PeerCertificate.names(leaf)) {
            boolean fits = address
                    ? SanMatch.Type.IP_ADDRESS.is(name.tag()) && sameAddress(host, name.value())
                    : SanMatch.Type.DNS.is(name.tag()) && SanMatch.dnsName(host, name.value());
            if (fits) {
                return true;
            }
        }
        return false;
    }

    private static boolean sameAddress(String one, String other) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(one);
        return bytes != null && Arrays.equals(bytes, NetUtil.createByteArrayFromIpAddressString(other));
    }

    private static boolean named(X509Certificate leaf, List<SanMatch> wanted) {
        for (PeerCertificate.Name name : PeerCertificate.names(leaf)) {
            for (SanMatch match : wanted) {
                if (match.matches(name.tag(), name.value())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean pinned(X509Certificate leaf, ValidationContext context) {
        if (context.spkiPins().isEmpty() && context.hashes().isEmpty()) {
            return true;
        }
        byte[] spki = PeerCertificate.digest(leaf.getPublicKey().getEncoded());
        return context.hashes().contains(PeerCertificate.sha256(leaf))
                || context.spkiPins().contains(Base64.getEncoder().encodeToString(spki));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities == null ? new X509Certificate[0] : authorities.getAcceptedIssuers();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("engines only");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("engines only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("engines only");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("engines only");
    }
}
