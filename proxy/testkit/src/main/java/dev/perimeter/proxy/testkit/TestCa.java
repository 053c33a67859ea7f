package dev.perimeter.proxy.testkit;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A certificate authority for one test; everything is made in memory and good for a day. */
public final class TestCa {

    private final X509Bundle root;

    private TestCa(X509Bundle root) {
        this.root = root;
    }

    public static TestCa create() {
        return new TestCa(made(() -> new CertificateBuilder()
                .subject("CN=Test CA")
                .setIsCertificateAuthority(true)
                .ecp256()
                .buildSelfSigned()));
    }

    /** The PEM of the authority's own certificate. */
    public String pem() {
        return root.getCertificatePEM();
    }

    /** A certificate for DNS names, with an EC key. */
    public Issued dns(String... names) {
        CertificateBuilder builder =
                new CertificateBuilder().subject("CN=" + names[0]).ecp256();
        for (String name : names) {
            builder.addSanDnsName(name);
        }
        return issue(builder);
    }

    /** A certificate for DNS names, with an RSA key. */
    public Issued rsa(String... names) {
        CertificateBuilder builder =
                new CertificateBuilder().subject("CN=" + names[0]).rsa2048();
        for (String name : names) {
            builder.addSanDnsName(name);
        }
        return issue(builder);
    }

    /** A workload's certificate: its SPIFFE id is its only name. */
    public Issued spiffe(String id) {
        return issue(made(
                () -> new CertificateBuilder().subject("CN=workload").ecp256().addSanUriName(id)));
    }

    private Issued issue(CertificateBuilder builder) {
        return new Issued(made(() -> builder.buildIssuedBy(root)));
    }

    /** A client's context that believes this authority and shows {@code own}, if any. */
    public SSLContext context(@Nullable Issued own) {
        return made(() -> {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry("ca", root.getCertificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own == null ? null : own.keys().getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        });
    }

    /** A certificate and its key. */
    public record Issued(X509Bundle bundle) {

        public String chainPem() {
            return bundle.getCertificatePathPEM();
        }

        public String keyPem() {
            return bundle.getPrivateKeyPEM();
        }

        public X509Certificate certificate() {
            return bundle.getCertificate();
        }

        KeyManagerFactory keys() {
            return made(bundle::toKeyManagerFactory);
        }
    }

    private interface Maker<T> {
        T make() throws Exception;
    }

    private static <T> T made(Maker<T> maker) {
        try {
            return maker.make();
        } catch (Exception e) {
            throw new IllegalStateException("the test's certificates could not be made", e);
        }
    }
}
