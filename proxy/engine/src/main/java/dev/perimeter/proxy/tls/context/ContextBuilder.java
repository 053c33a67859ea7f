package dev.perimeter.proxy.tls.context;

import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.tls.DownstreamTls;
import dev.perimeter.proxy.tls.TlsLibrary;
import dev.perimeter.proxy.tls.TlsSettings;
import dev.perimeter.proxy.tls.UpstreamTls;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Builds contexts; used on the control thread, since keys and authorities take their time. */
final class ContextBuilder {

    /** Versions before 1.3 have suites to choose from; those of 1.3 are always all there. */
    private static final List<String> TLS_1_3 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    private final TlsLibrary library;

    ContextBuilder(TlsLibrary library) {
        this.library = library;
    }

    private boolean openSsl() {
        return library == TlsLibrary.BORINGSSL;
    }

    /** @param ownTicketKey 80 bytes to seal tickets with if the configuration brings none */
    Parsed<SslContext> server(DownstreamTls config, Material material, String ownTicketKey) {
        if (library.check(config) instanceof Parsed.Bad<DownstreamTls> bad) {
            return new Parsed.Bad<>(bad.path(), bad.reason());
        }
        Parsed<List<Identity>> identities = identities(material);
        if (identities instanceof Parsed.Bad<List<Identity>> bad) {
            return new Parsed.Bad<>(bad.path(), bad.reason());
        }
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(keys(identities, config.alwaysScan()));
            common(builder, config.settings(), material, false);
            builder.clientAuth(
                    config.requireClientCertificate()
                            ? ClientAuth.REQUIRE
                            : material.validation() == null ? ClientAuth.NONE : ClientAuth.OPTIONAL);
            builder.sessionTimeout(config.sessionTimeout().toSeconds());
            SslContext context = builder.build();
            if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
                sessions.setSessionCacheEnabled(config.statefulResumption());
                if (config.statelessResumption()) {
                    List<String> keys = material.ticketKeys() == null ? List.of(ownTicketKey) : material.ticketKeys();
                    sessions.setTicketKeys(
                            keys.stream().map(ContextBuilder::ticketKey).toArray(OpenSslSessionTicketKey[]::new));
                }
            }
            return new Parsed.Ok<>(withGroups(context, config.settings().parameters()));
        } catch (GeneralSecurityException | IOException | RuntimeException refused) {
            return new Parsed.Bad<>("", "the TLS library refuses it: " + refused.getMessage());
        }
    }

    Parsed<SslContext> client(UpstreamTls config, Material material) {
        if (library.check(config) instanceof Parsed.Bad<UpstreamTls> bad) {
            return new Parsed.Bad<>(bad.path(), bad.reason());
        }
        Parsed<List<Identity>> identities = identities(material);
        if (identities instanceof Parsed.Bad<List<Identity>> bad) {
            return new Parsed.Bad<>(bad.path(), bad.reason());
        }
        try {
            SslContextBuilder builder = SslContextBuilder.forClient();
            if (!material.identities().isEmpty()) {
                builder.keyManager(keys(identities, false));
            }
            common(builder, config.settings(), material, config.sniIsSan());
            // Whom to believe is said by the configuration's own matchers.
            builder.endpointIdentificationAlgorithm(null);
            SslContext context = builder.build();
            if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
                sessions.setSessionCacheEnabled(config.sessions() > 0);
                if (config.sessions() > 0) {
                    // Only this makes the library take tickets; a client has nothing to seal.
                    sessions.setTicketKeys();
                }
            }
            return new Parsed.Ok<>(withGroups(context, config.settings().parameters()));
        } catch (GeneralSecurityException | IOException | RuntimeException refused) {
            return new Parsed.Bad<>("", "the TLS library refuses it: " + refused.getMessage());
        }
    }

    private void common(SslContextBuilder builder, TlsSettings settings, Material material, boolean sniIsSan)
            throws GeneralSecurityException, IOException {
        TlsSettings.Parameters parameters = settings.parameters();
        builder.sslProvider(openSsl() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK);
        List<String> versions = new ArrayList<>();
        for (TlsSettings.Version version : TlsSettings.Version.values()) {
            if (version.compareTo(parameters.least()) >= 0 && version.compareTo(parameters.most()) <= 0) {
                versions.add(version.javaName());
            }
        }
        builder.protocols(versions);
        if (!parameters.ciphers().isEmpty()) {
            List<String> suites = new ArrayList<>(parameters.ciphers());
            suites.addAll(TLS_1_3);
            builder.ciphers(suites);
        }
        if (!parameters.curves().isEmpty() && openSsl()) {
            builder.option(OpenSslContextOption.GROUPS, parameters.curves().toArray(String[]::new));
        }
        if (!settings.alpn().isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    settings.alpn()));
        }
        builder.trustManager(new PeerVerifier(material.validation(), TrustedAuthorities.manager(material), sniIsSan));
    }

    /** BoringSSL was told before. */
    private SslContext withGroups(SslContext context, TlsSettings.Parameters parameters) {
        if (openSsl() || parameters.curves().isEmpty()) {
            return context;
        }
        String[] groups = parameters.curves().stream().map(TlsLibrary::jdkGroup).toArray(String[]::new);
        return new DelegatingSslContext(context) {
            @Override
            protected void initEngine(SSLEngine engine) {
                SSLParameters changed = engine.getSSLParameters();
                changed.setNamedGroups(groups);
                engine.setSSLParameters(changed);
            }
        };
    }

    private static Parsed<List<Identity>> identities(Material material) {
        List<Identity> identities = new ArrayList<>();
        for (Material.Pair pair : material.identities()) {
            switch (identity(pair)) {
                case Parsed.Ok<Identity>(Identity value) -> identities.add(value);
                case Parsed.Bad<Identity>(String path, String reason) -> {
                    return new Parsed.Bad<>(path, reason);
                }
            }
        }
        return new Parsed.Ok<>(identities);
    }

    private static Parsed<Identity> identity(Material.Pair pair) {
        return switch (Pem.certificates(pair.chain())) {
            case Parsed.Bad<List<X509Certificate>> bad -> new Parsed.Bad<>("certificate_chain", bad.reason());
            case Parsed.Ok<List<X509Certificate>>(List<X509Certificate> chain) ->
                switch (Pem.key(pair.key())) {
                    case Parsed.Bad<PrivateKey> bad -> new Parsed.Bad<>("private_key", bad.reason());
                    case Parsed.Ok<PrivateKey>(PrivateKey key) ->
                        Pem.belongs(key, chain.getFirst().getPublicKey())
                                ? new Parsed.Ok<>(Identity.of(chain, key))
                                : new Parsed.Bad<>("private_key", "does not belong to the certificate_chain");
                };
        };
    }

    private KeyManagerFactory keys(Parsed<List<Identity>> identities, boolean alwaysScan) {
        if (!(identities instanceof Parsed.Ok<List<Identity>>(List<Identity> value))) {
            throw new IllegalStateException("asked for keys that are not there");
        }
        return openSsl()
                ? new OpenSslCachingX509KeyManagerFactory(new OneKeyManager(OfferedIdentities.of(value, alwaysScan)))
                : new OneKeyManager(new IdentityChooser(value, alwaysScan));
    }

    /** BoringSSL's tickets take 48 bytes of Envoy's 80: the name, and half of each key. */
    private static OpenSslSessionTicketKey ticketKey(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.ISO_8859_1);
        return new OpenSslSessionTicketKey(part(bytes, 0), part(bytes, 16), part(bytes, 48));
    }

    private static byte[] part(byte[] bytes, int from) {
        byte[] part = new byte[16];
        System.arraycopy(bytes, from, part, 0, part.length);
        return part;
    }

    /** A factory of one manager that is there already. */
    private static final class OneKeyManager extends KeyManagerFactory {

        OneKeyManager(KeyManager manager) {
            super(new OneKeyManagerSpi(manager), null, "");
        }
    }

    private static final class OneKeyManagerSpi extends javax.net.ssl.KeyManagerFactorySpi {

        private final KeyManager manager;

        OneKeyManagerSpi(KeyManager manager) {
            this.manager = manager;
        }

        @Override
        protected void engineInit(java.security.@Nullable KeyStore store, char @Nullable [] password) {}

        @Override
        protected void engineInit(javax.net.ssl.@Nullable ManagerFactoryParameters parameters) {}

        @Override
        protected KeyManager[] engineGetKeyManagers() {
            return new KeyManager[] {manager};
        }
    }
}
