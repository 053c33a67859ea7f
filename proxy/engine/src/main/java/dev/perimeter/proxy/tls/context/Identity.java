package dev.perimeter.proxy.tls.context;

import dev.perimeter.proxy.tls.PeerCertificate;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** A certificate with its key, ready for use; {@code names} are the DNS names it stands for. */
record Identity(List<X509Certificate> chain, PrivateKey key, List<String> names) {

    static Identity of(List<X509Certificate> chain, PrivateKey key) {
        return new Identity(chain, key, PeerCertificate.of(chain.getFirst()).dnsSans());
    }

    /** Of the key: {@code EC}, {@code RSA}, {@code EdDSA}. */
    String kind() {
        return key.getAlgorithm();
    }
}
