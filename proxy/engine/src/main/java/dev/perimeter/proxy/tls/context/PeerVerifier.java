package dev.perimeter.proxy.tls.context;

import dev.perimeter.proxy.tls.PeerCertificate;
import dev.perimeter.proxy.tls.SanMatch;
import dev.perimeter.proxy.tls.ValidationContext;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
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
     * @param authorities those to be trusted, or null to ask for none
     * @param sniIsSan the name that was asked for must stand in the certificate
     */
    PeerVerifier(@Nullable ValidationContext context, @Nullable List<X509Certificate> authorities, boolean sniIsSan)
            throws GeneralSecurityException, java.io.IOException {
        this.context = context;
        this.sniIsSan = sniIsSan;
        boolean roots = context != null && context.systemRoots();
        this.authorities = authorities == null && !roots ? null : manager(roots ? null : authorities);
    }

    /** @param trusted null for those of the JDK */
    private static X509TrustManager manager(@Nullable List<X509Certificate> trusted)
            throws GeneralSecurityException, java.io.IOException {
        KeyStore store = null;
        if (trusted != null) {
            store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < trusted.size(); i++) {
                store.setCertificateEntry(Integer.toString(i), trusted.get(i));
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("the JDK has no PKIX");
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
        if (host != null && PeerCertificate.of(leaf).dnsSans().stream().noneMatch(own -> SanMatch.dnsName(host, own))) {
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
