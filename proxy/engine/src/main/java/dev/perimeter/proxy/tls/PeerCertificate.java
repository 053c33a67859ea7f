package dev.perimeter.proxy.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate as configuration and logs speak of it; read once for each connection.
 *
 * @param subject in the form of RFC 2253
 * @param issuer in the form of RFC 2253
 * @param serial lower-case hex
 * @param uriSans e.g. a SPIFFE id
 * @param sha256 of the whole certificate, lower-case hex
 * @param certificate for what is asked for rarely
 * @param issuers the certificates that came with it, in their order
 */
public record PeerCertificate(
        String subject,
        String issuer,
        String serial,
        List<String> uriSans,
        List<String> dnsSans,
        String sha256,
        X509Certificate certificate,
        List<X509Certificate> issuers) {

    private static final int DNS = 2;
    private static final int URI = 6;

    /** A name in a certificate. @param tag of RFC 5280's GeneralName */
    public record Name(int tag, String value) {}

    public static PeerCertificate of(X509Certificate certificate) {
        return of(certificate, List.of());
    }

    static PeerCertificate of(X509Certificate certificate, List<X509Certificate> issuers) {
        List<String> uris = new ArrayList<>(1);
        List<String> names = new ArrayList<>(1);
        for (Name name : names(certificate)) {
            if (name.tag() == URI) {
                uris.add(name.value());
            } else if (name.tag() == DNS) {
                names.add(name.value());
            }
        }
        return new PeerCertificate(
                certificate.getSubjectX500Principal().getName(),
                certificate.getIssuerX500Principal().getName(),
                certificate.getSerialNumber().toString(16),
                List.copyOf(uris),
                List.copyOf(names),
                sha256(certificate),
                certificate,
                issuers);
    }

    /** The first URI, or null. */
    public @Nullable String uriSan() {
        return uriSans.isEmpty() ? null : uriSans.getFirst();
    }

    /** All subject alternative names that are text. */
    public static List<Name> names(X509Certificate certificate) {
        List<Name> names = new ArrayList<>(2);
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all == null) {
                return names;
            }
            for (List<?> one : all) {
                if (one.get(0) instanceof Integer tag && one.get(1) instanceof String value) {
                    names.add(new Name(tag, value));
                }
            }
            return names;
        } catch (CertificateParsingException broken) {
            // A name that cannot be read is no name: nothing will match it.
            return List.of();
        }
    }

    public static String sha256(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(digest(certificate.getEncoded()));
        } catch (CertificateEncodingException broken) {
            return "";
        }
    }

    public static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
