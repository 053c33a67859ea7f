package dev.perimeter.proxy.tls.context;

import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.tls.ValidationContext;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Who may sign certificates of peers, and what they have taken back since (RFC 5280 section 6). */
final class TrustedAuthorities {

    private TrustedAuthorities() {}

    /** Null when any certificate is taken that fits otherwise. */
    static @Nullable X509TrustManager manager(Material material) throws GeneralSecurityException, IOException {
        ValidationContext context = material.validation();
        boolean roots = context != null && context.systemRoots();
        String ca = material.trustedCa();
        if (ca == null && !roots) {
            if (material.revoked() != null) {
                throw new GeneralSecurityException("crl without trusted_ca");
            }
            return null;
        }
        TrustManagerFactory factory = factory();
        factory.init(roots ? null : store(certificates(String.valueOf(ca))));
        X509TrustManager manager = of(factory);
        if (material.revoked() == null || context == null || context.revoked() == null) {
            return manager;
        }
        TrustManagerFactory strict = factory();
        strict.init(new CertPathTrustManagerParameters(revocation(
                List.of(manager.getAcceptedIssuers()),
                lists(material.revoked()),
                context.revoked().leafOnly())));
        return of(strict);
    }

    /** Without the network: what the lists do not say is not known, and then a certificate is not believed. */
    private static PKIXBuilderParameters revocation(List<X509Certificate> trusted, List<CRL> lists, boolean leafOnly)
            throws GeneralSecurityException, IOException {
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(store(trusted), new X509CertSelector());
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
        if (CertPathBuilder.getInstance("PKIX").getRevocationChecker() instanceof PKIXRevocationChecker checker) {
            Set<Option> options = EnumSet.of(Option.PREFER_CRLS, Option.NO_FALLBACK);
            if (leafOnly) {
                options.add(Option.ONLY_END_ENTITY);
            }
            checker.setOptions(options);
            parameters.addCertPathChecker(checker);
        }
        return parameters;
    }

    private static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
        return switch (Pem.certificates(pem)) {
            case Parsed.Ok<List<X509Certificate>>(List<X509Certificate> value) -> value;
            case Parsed.Bad<List<X509Certificate>> bad ->
                throw new GeneralSecurityException("trusted_ca " + bad.reason());
        };
    }

    private static List<CRL> lists(String pem) throws GeneralSecurityException {
        return switch (Pem.revocations(pem)) {
            case Parsed.Ok<List<CRL>>(List<CRL> value) -> value;
            case Parsed.Bad<List<CRL>> bad -> throw new GeneralSecurityException("crl " + bad.reason());
        };
    }

    private static KeyStore store(List<X509Certificate> trusted) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < trusted.size(); i++) {
            store.setCertificateEntry(Integer.toString(i), trusted.get(i));
        }
        return store;
    }

    private static TrustManagerFactory factory() throws GeneralSecurityException {
        return TrustManagerFactory.getInstance("PKIX");
    }

    private static X509TrustManager of(TrustManagerFactory factory) throws GeneralSecurityException {
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("the JDK has no PKIX");
    }
}
