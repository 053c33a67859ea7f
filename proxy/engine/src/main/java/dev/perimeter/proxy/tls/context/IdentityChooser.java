package dev.perimeter.proxy.tls.context;

import dev.perimeter.proxy.tls.SanMatch;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which of several certificates is shown: of those with a key the peer can use, the first that stands for the
 * name the client asked for, else the first. Aliases are places in the list.
 */
final class IdentityChooser extends X509ExtendedKeyManager {

    private final List<Identity> identities;

    IdentityChooser(List<Identity> identities) {
        this.identities = identities;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        String wanted = engine == null ? null : serverName(engine);
        String any = null;
        for (int i = 0; i < identities.size(); i++) {
            Identity identity = identities.get(i);
            if (!fits(identity, keyType)) {
                continue;
            }
            if (wanted == null || stands(identity, wanted)) {
                return Integer.toString(i);
            }
            any = any == null ? Integer.toString(i) : any;
        }
        return wanted != null && elsewhere(wanted) ? null : any;
    }

    /** Whether the library, when it asks for a key of another kind, will find a certificate of that name. */
    private boolean elsewhere(String wanted) {
        return identities.stream().anyMatch(identity -> stands(identity, wanted));
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

    /** Key types are {@code RSA}, {@code EC}, {@code EC_EC}, {@code RSASSA-PSS} and the like. */
    private static boolean fits(Identity identity, String keyType) {
        String algorithm = identity.key().getAlgorithm();
        return keyType.startsWith(algorithm) || algorithm.equals("EdDSA") && keyType.startsWith("Ed");
    }

    private static boolean stands(Identity identity, String name) {
        for (String own : identity.names()) {
            if (SanMatch.dnsName(name, own)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String serverName(SSLEngine engine) {
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
