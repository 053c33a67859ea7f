package dev.perimeter.proxy.tls.context;

import dev.perimeter.proxy.tls.TlsConnection;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import java.lang.ref.Cleaner;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among certificates with BoringSSL. Its binding for Java asks for kinds of keys in the order of the own cipher
 * suites, which tells nothing of the client, so what the client offers is read here.
 *
 * <p>In TLS 1.3 the client's signature algorithms decide alone (RFC 8446 section 4.4.2.2), and they can be read. Before,
 * its cipher suites decide as well; only the library knows those, so it is given every certificate that the signature
 * algorithms allow, as credentials in order of preference, and takes the first that fits.
 */
final class OfferedIdentities extends IdentityChooser {

    // Engines in a handshake ask this chooser, so what is in native memory may go when nothing knows the chooser any
    // more.
    private static final Cleaner CLEANER = Cleaner.create();

    private final long[] credentials;

    private OfferedIdentities(List<Identity> identities, boolean alwaysScan, NativeCredentials credentials) {
        super(identities, alwaysScan);
        this.credentials = credentials.addresses();
        CLEANER.register(this, credentials);
    }

    static IdentityChooser of(List<Identity> identities, boolean alwaysScan) {
        return new OfferedIdentities(identities, alwaysScan, NativeCredentials.of(identities));
    }

    /** Whatever kind the library asks for first, the answer is the one there is. */
    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        if (!(engine instanceof ReferenceCountedOpenSslEngine library)) {
            return super.chooseEngineServerAlias(keyType, issuers, engine);
        }
        List<Integer> best = best(serverName(engine));
        if (best.size() == 1) {
            return best.getFirst().toString();
        }
        long pointer = library.sslPointer();
        boolean suitesDecide = !SSL.getVersion(pointer).equals("TLSv1.3");
        List<Integer> usable = usable(best, SSL.getSigAlgs(pointer), suitesDecide);
        if (usable.isEmpty()) {
            // No certificate will do; the library knows the alert for that.
            return best.getFirst().toString();
        }
        if (suitesDecide && usable.size() > 1) {
            return offer(usable, engine.getHandshakeSession(), pointer);
        }
        return usable.getFirst().toString();
    }

    /** Gives the library all of them. @return the last, which the library keeps behind the credentials */
    private String offer(List<Integer> usable, SSLSession session, long pointer) {
        List<X509Certificate[]> chains = new ArrayList<>(usable.size());
        for (int i = 0; i < usable.size(); i++) {
            int place = usable.get(i);
            chains.add(identities.get(place).chain().toArray(X509Certificate[]::new));
            if (i < usable.size() - 1) {
                try {
                    SSL.addCredential(pointer, credentials[place]);
                } catch (Exception refused) {
                    // With what the library has so far the handshake may still succeed.
                    break;
                }
            }
        }
        session.putValue(TlsConnection.OFFERED, chains);
        return usable.getLast().toString();
    }

    private List<Integer> usable(List<Integer> best, String @Nullable [] algorithms, boolean suitesDecide) {
        if (algorithms == null || algorithms.length == 0) {
            return best;
        }
        List<Integer> usable = new ArrayList<>(best.size());
        for (int place : best) {
            for (String algorithm : algorithms) {
                if (signs(identities.get(place), algorithm, suitesDecide)) {
                    usable.add(place);
                    break;
                }
            }
        }
        return usable;
    }

    /** By the library's names, such as {@code ecdsa_sha256}: with P-256 only, since TLS 1.3 (RFC 8446 section 4.2.3). */
    private static boolean signs(Identity identity, String algorithm, boolean anyCurve) {
        return switch (identity.kind()) {
            case "EC" ->
                algorithm.startsWith("ecdsa_")
                        && (anyCurve
                                || algorithm.endsWith(IdentityChooser.hashOfCurve(
                                        identity.chain().getFirst().getPublicKey())));
            case "RSA" -> algorithm.startsWith("rsa_pss_rsae") || anyCurve && algorithm.startsWith("rsa_pkcs1");
            default -> algorithm.startsWith("ed");
        };
    }
}
