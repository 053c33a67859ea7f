package dev.perimeter.proxy.tls.context;

import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.tls.DataSource;
import dev.perimeter.proxy.tls.Secret;
import dev.perimeter.proxy.tls.ShownCertificates;
import dev.perimeter.proxy.tls.ShownCertificates.Shown;
import dev.perimeter.proxy.tls.TlsCertificate;
import dev.perimeter.proxy.tls.TlsSettings;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a context is built of, read back for whoever wants to look at it. */
final class Looking {

    private final TlsSettings settings;
    private final Map<String, Secret> secrets;

    Looking(TlsSettings settings, Map<String, Secret> secrets) {
        this.settings = settings;
        this.secrets = secrets;
    }

    ShownCertificates at(Material material) {
        List<Shown> chains = new ArrayList<>();
        for (int i = 0; i < material.identities().size(); i++) {
            String path = i < settings.certificates().size()
                    ? path(settings.certificates().get(i))
                    : Shown.INLINE;
            add(path, material.identities().get(i).chain(), chains);
        }
        List<Shown> authorities = new ArrayList<>();
        if (material.trustedCa() != null && material.validation() != null) {
            add(path(material.validation().trustedCa()), material.trustedCa(), authorities);
        }
        return new ShownCertificates(List.copyOf(authorities), List.copyOf(chains));
    }

    private String path(Secret.Reference<TlsCertificate> reference) {
        Secret secret = switch (reference) {
            case Secret.Given<TlsCertificate>(TlsCertificate given) -> given;
            case Secret.Named<TlsCertificate>(String name) -> secrets.get(name);
        };
        return secret instanceof TlsCertificate certificate ? path(certificate.chain()) : Shown.INLINE;
    }

    private static String path(@Nullable DataSource source) {
        return source instanceof DataSource.File(String path) ? path : Shown.INLINE;
    }

    private static void add(String path, String pem, List<Shown> into) {
        if (Pem.certificates(pem) instanceof Parsed.Ok<List<X509Certificate>>(List<X509Certificate> all)) {
            all.forEach(certificate -> into.add(new Shown(path, certificate)));
        }
    }
}
