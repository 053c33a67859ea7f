package dev.perimeter.proxy.tls.context;

import dev.perimeter.proxy.tls.SanMatch;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which of several certificates is shown: by the name the client asked for, then by the kinds of key that the
 * client can use. The JDK asks for one kind after the other, in the order of the client's offer. Aliases are places in
 * the list.
 */
class IdentityChooser extends X509ExtendedKeyManager {

    private static final int EXACT = 0;
    private static final int WILDCARD = 1;
    private static final int OTHER = 2;

    final List<Identity> identities;
    private final boolean alwaysScan;

    /** @param alwaysScan whether ECDSA goes first too where no certificate stands for the name that was asked for */
    IdentityChooser(List<Identity> identities, boolean alwaysScan) {
        this.identities = identities;
        this.alwaysScan = alwaysScan;
    }

    /**
     * The places of the best certificate of each kind of key, the best first: one of the very name, one of a wildcard, any
     * other; among equals ECDSA goes first, as it costs a server least.
     */
    final List<Integer> best(@Nullable String wanted) {
        Comparator<Integer> order = Comparator.comparingInt(i -> rank(identities.get(i), wanted));
        boolean none = wanted != null && identities.stream().allMatch(one -> rank(one, wanted) == OTHER);
        if (!none || alwaysScan) {
            order = order.thenComparing(i -> !identities.get(i).kind().equals("EC"));
        }
        List<Integer> places = new ArrayList<>(identities.size());
        for (int i = 0; i < identities.size(); i++) {
            places.add(i);
        }
        places.sort(order);
        List<String> seen = new ArrayList<>(2);
        places.removeIf(i -> {
            String kind = identities.get(i).kind();
            return seen.contains(kind) || !seen.add(kind);
        });
        return places;
    }

    private static int rank(Identity identity, @Nullable String wanted) {
        int rank = OTHER;
        if (wanted != null) {
            for (String name : identity.names()) {
                if (name.equalsIgnoreCase(wanted)) {
                    return EXACT;
                }
                rank = SanMatch.dnsName(wanted, name) ? WILDCARD : rank;
            }
        }
        return rank;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        String wanted = engine == null ? null : serverName(engine);
        List<Integer> best = best(wanted);
        for (int place : best) {
            Identity identity = identities.get(place);
            if (fits(identity, keyType) && signs(identity, engine)) {
                // If there is one that stands for the name, the library will find it when it asks for that kind.
                boolean worse =
                        rank(identity, wanted) == OTHER && rank(identities.get(best.getFirst()), wanted) < OTHER;
                return worse ? null : Integer.toString(place);
            }
        }
        return null;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        for (String keyType : keyTypes) {
            for (int i = 0; i < identities.size(); i++) {
                if (fits(identities.get(i), keyType)) {
                    return Integer.toString(i);
                }
            }
        }
        return null;
    }

    /** Key types are {@code RSA}, {@code EC}, {@code EC_EC}, {@code Ed25519} and the like. */
    private static boolean fits(Identity identity, String keyType) {
        return switch (identity.kind()) {
            case "EC" -> keyType.startsWith("EC");
            case "EdDSA" -> keyType.startsWith("Ed");
            default -> keyType.equals(identity.kind());
        };
    }

    /** Since TLS 1.3 an algorithm of ECDSA names a curve (RFC 8446 section 4.2.3), after which the JDK does not ask. */
    private static boolean signs(Identity identity, @Nullable SSLEngine engine) {
        if (engine == null
                || !identity.kind().equals("EC")
                || !(engine.getHandshakeSession() instanceof ExtendedSSLSession session)
                || !session.getProtocol().equals("TLSv1.3")) {
            return true;
        }
        String hash = hashOfCurve(identity.chain().getFirst().getPublicKey());
        return List.of(session.getPeerSupportedSignatureAlgorithms())
                .contains(hash.toUpperCase(Locale.ROOT) + "withECDSA");
    }

    /** What TLS 1.3 uses with the key's curve, e.g. {@code sha384} with P-384. */
    static String hashOfCurve(PublicKey key) {
        int bits = key instanceof ECPublicKey ec ? ec.getParams().getOrder().bitLength() : 0;
        return bits == 521 ? "sha512" : "sha" + bits;
    }

    static @Nullable String serverName(SSLEngine engine) {
        if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (var name : session.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return identities.get(Integer.parseInt(alias)).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return identities.get(Integer.parseInt(alias)).key();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineClientAlias(keyTypes, issuers, null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }
}
