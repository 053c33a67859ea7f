package dev.perimeter.proxy.tls.context;

import dev.perimeter.proxy.filter.Parsed;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CRL;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** Certificates and keys in PEM (RFC 7468), or a sentence that says why they are none. */
public final class Pem {

    private Pem() {}

    /** At least one certificate. */
    public static Parsed<List<X509Certificate>> certificates(String text) {
        if (!text.contains("-----BEGIN CERTIFICATE-----")) {
            return new Parsed.Bad<>("", "holds no certificate in PEM");
        }
        try {
            List<X509Certificate> certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            return certificates.isEmpty()
                    ? new Parsed.Bad<>("", "holds no certificate in PEM")
                    : new Parsed.Ok<>(certificates);
        } catch (CertificateException broken) {
            return new Parsed.Bad<>("", "holds a certificate that cannot be read: " + broken.getMessage());
        }
    }

    /** At least one list of revoked certificates. */
    public static Parsed<List<CRL>> revocations(String text) {
        if (!text.contains("-----BEGIN X509 CRL-----")) {
            return new Parsed.Bad<>("", "holds no revocation list in PEM");
        }
        try {
            return new Parsed.Ok<>(List.copyOf(CertificateFactory.getInstance("X.509")
                    .generateCRLs(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)))));
        } catch (CertificateException | CRLException broken) {
            return new Parsed.Bad<>("", "holds a revocation list that cannot be read: " + broken.getMessage());
        }
    }

    /** One private key; the sentence never shows any of it. */
    public static Parsed<PrivateKey> key(String text) {
        return PemKey.read(text);
    }

    /** Whether this key belongs to that certificate: what it signs, the certificate must verify. */
    static boolean belongs(PrivateKey key, PublicKey certified) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        byte[] anything = {1, 2, 3};
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(anything);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(anything);
            return signature.verify(signed);
        } catch (GeneralSecurityException differs) {
            return false;
        }
    }
}
