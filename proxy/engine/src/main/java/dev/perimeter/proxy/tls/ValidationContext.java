package dev.perimeter.proxy.tls;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom to trust.
 *
 * @param trustedCa PEM of the authorities; null trusts none (with pins: does not ask for any)
 * @param systemRoots the authorities of this machine's JDK, instead of {@code trustedCa}
 * @param subjectAltNames one of them must fit; empty fits all
 * @param spkiPins base64 of the SHA-256 of the public key; one of these or of {@code hashes} must fit if there are any
 * @param hashes lower-case hex of the SHA-256 of the certificate
 * @param revoked what authorities took back; null for no look at that
 */
public record ValidationContext(
        @Nullable DataSource trustedCa,
        boolean systemRoots,
        List<SanMatch> subjectAltNames,
        List<String> spkiPins,
        List<String> hashes,
        @Nullable Revoked revoked)
        implements Secret {

    /**
     * Lists of revoked certificates (RFC 5280 section 5).
     *
     * @param lists PEM, one for each authority that signed a certificate of the chain
     * @param leafOnly whether only the peer's own certificate is looked up, so that only its authority needs a list
     */
    public record Revoked(DataSource lists, boolean leafOnly) {}

    public static ValidationContext of(DataSource trustedCa, SanMatch... names) {
        return new ValidationContext(trustedCa, false, List.of(names), List.of(), List.of(), null);
    }

    /** This with what another says besides, or instead where there can be but one (Envoy: combined_validation_context). */
    public ValidationContext and(ValidationContext other) {
        return new ValidationContext(
                other.trustedCa == null ? trustedCa : other.trustedCa,
                systemRoots || other.systemRoots,
                joined(subjectAltNames, other.subjectAltNames),
                joined(spkiPins, other.spkiPins),
                joined(hashes, other.hashes),
                other.revoked == null ? revoked : other.revoked);
    }

    private static <T> List<T> joined(List<T> one, List<T> other) {
        List<T> all = new ArrayList<>(one);
        all.addAll(other);
        return List.copyOf(all);
    }
}
