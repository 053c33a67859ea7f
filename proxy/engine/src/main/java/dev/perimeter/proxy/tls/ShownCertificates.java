package dev.perimeter.proxy.tls;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The certificates of one TLS context in force, as an operator looks at them; never a key.
 *
 * @param authorities whom it trusts
 * @param chains its own, each with the certificate itself first
 */
public record ShownCertificates(List<Shown> authorities, List<Shown> chains) {

    /** @param path of the file it stands in, or {@code <inline>} */
    public record Shown(String path, X509Certificate certificate) {

        public static final String INLINE = "<inline>";
    }
}
