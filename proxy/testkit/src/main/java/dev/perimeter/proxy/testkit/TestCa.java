package dev.perimeter.proxy.testkit;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
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
                .setKeyUsage(true, KeyUsage.keyCertSign, KeyUsage.cRLSign)
                .ecp256()
                .buildSelfSigned()));
    }

    /** The PEM of the authority's own certificate. */
    public String pem() {
        return root.getCertificatePEM();
    }

    /** A certificate for DNS names and URIs, with an EC key. */
    public Issued dns(String... names) {
        return issue(new CertificateBuilder().ecp256(), names);
    }

    /** A certificate for all names one label below, e.g. {@code *.shop}. */
    public Issued wildcard(String name) {
        return made(() -> {
            KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
            keys.initialize(256);
            KeyPair pair = keys.generateKeyPair();
            Instant now = Instant.now();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    root.getCertificate(),
                    BigInteger.valueOf(now.toEpochMilli()),
                    Date.from(now.minus(1, ChronoUnit.HOURS)),
                    Date.from(now.plus(1, ChronoUnit.DAYS)),
                    new X500Principal("CN=" + name),
                    pair.getPublic());
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA")
                            .build(root.getKeyPair().getPrivate())));
            return new Issued(
                    X509Bundle.fromCertificatePath(new X509Certificate[] {certificate}, root.getCertificate(), pair));
        });
    }

    /** A certificate for DNS names and URIs, with an RSA key. */
    public Issued rsa(String... names) {
        return issue(new CertificateBuilder().rsa2048(), names);
    }

    /** A workload's certificate: its SPIFFE id is its only name. */
    public Issued spiffe(String id) {
        return issue(made(
                () -> new CertificateBuilder().subject("CN=workload").ecp256().addSanUriName(id)));
    }

    private Issued issue(CertificateBuilder builder, String... names) {
        builder.subject("CN=" + names[0]);
        for (String name : names) {
            if (name.contains("://")) {
                made(() -> builder.addSanUriName(name));
            } else {
                builder.addSanDnsName(name);
            }
        }
        return issue(builder);
    }

    private Issued issue(CertificateBuilder builder) {
        return new Issued(made(() -> builder.buildIssuedBy(root)));
    }

    /** The PEM of this authority's list of certificates that it took back, which may be none. */
    public String revoking(Issued... revoked) {
        return made(() -> {
            Instant now = Instant.now();
            JcaX509v2CRLBuilder list =
                    new JcaX509v2CRLBuilder(root.getCertificate(), Date.from(now.minus(1, ChronoUnit.HOURS)));
            list.setNextUpdate(Date.from(now.plus(1, ChronoUnit.DAYS)));
            for (Issued one : revoked) {
                list.addCRLEntry(one.certificate().getSerialNumber(), Date.from(now), CRLReason.keyCompromise);
            }
            byte[] signed = list.build(new JcaContentSignerBuilder("SHA256withECDSA")
                            .build(root.getKeyPair().getPrivate()))
                    .getEncoded();
            return "-----BEGIN X509 CRL-----\n" + Base64.getMimeEncoder().encodeToString(signed)
                    + "\n-----END X509 CRL-----\n";
        });
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
