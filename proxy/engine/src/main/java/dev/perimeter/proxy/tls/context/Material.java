package dev.perimeter.proxy.tls.context;

import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.tls.DataSource;
import dev.perimeter.proxy.tls.Secret;
import dev.perimeter.proxy.tls.SessionTicketKeys;
import dev.perimeter.proxy.tls.TlsCertificate;
import dev.perimeter.proxy.tls.TlsSettings;
import dev.perimeter.proxy.tls.ValidationContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything a context is built of, as bytes in hand: secrets by their names, files by their content. Two of equal
 * content make equal contexts, so this is also how a change is noticed.
 *
 * @param validation null to ask for no certificate
 * @param trustedCa PEM, or null
 * @param revoked lists of revoked certificates as PEM, or null
 * @param ticketKeys each 80 bytes, one for each char; null for keys of our own
 */
record Material(
        List<Pair> identities,
        @Nullable ValidationContext validation,
        @Nullable String trustedCa,
        @Nullable String revoked,
        @Nullable List<String> ticketKeys) {

    /** A certificate chain and its key, both PEM. */
    record Pair(String chain, String key) {
        @Override
        public String toString() {
            return "Pair[...]";
        }
    }

    /** Reads the secrets and files, or says which is missing. May block on the disk: control thread only. */
    static Parsed<Material> of(
            TlsSettings settings, Secret.@Nullable Reference<SessionTicketKeys> tickets, Map<String, Secret> secrets) {
        try {
            List<Pair> identities = new ArrayList<>();
            for (Secret.Reference<TlsCertificate> reference : settings.certificates()) {
                TlsCertificate certificate = secret(reference, TlsCertificate.class, secrets);
                identities.add(new Pair(read(certificate.chain()), read(certificate.privateKey())));
            }
            ValidationContext validation = settings.validationDefaults();
            if (settings.validation() != null) {
                ValidationContext given = secret(settings.validation(), ValidationContext.class, secrets);
                validation = validation == null ? given : validation.and(given);
            }
            DataSource ca = validation == null ? null : validation.trustedCa();
            ValidationContext.Revoked revoked = validation == null ? null : validation.revoked();
            List<String> keys = null;
            if (tickets != null) {
                keys = new ArrayList<>();
                for (DataSource key :
                        secret(tickets, SessionTicketKeys.class, secrets).keys()) {
                    keys.add(read(key));
                }
            }
            return new Parsed.Ok<>(new Material(
                    identities,
                    validation,
                    ca == null ? null : read(ca),
                    revoked == null ? null : read(revoked.lists()),
                    keys));
        } catch (Missing missing) {
            return new Parsed.Bad<>("", missing.sentence);
        }
    }

    private static <S extends Secret> S secret(
            Secret.Reference<S> reference, Class<S> type, Map<String, Secret> secrets) throws Missing {
        return switch (reference) {
            case Secret.Given<S>(S secret) -> secret;
            case Secret.Named<S>(String name) -> {
                Secret found = secrets.get(name);
                if (!type.isInstance(found)) {
                    throw new Missing("secret '" + name + "' "
                            + (found == null ? "has not come" : "is no " + type.getSimpleName()));
                }
                yield type.cast(found);
            }
        };
    }

    private static String read(DataSource source) throws Missing {
        return switch (source) {
            case DataSource.Inline(String text) -> text;
            case DataSource.File(String path) -> {
                try {
                    yield Files.readString(Path.of(path), StandardCharsets.ISO_8859_1);
                } catch (IOException e) {
                    throw new Missing("file " + path + " cannot be read: " + e);
                }
            }
        };
    }

    /** Leaves a walk through nested values; never seen outside this class. */
    private static final class Missing extends Exception {
        private static final long serialVersionUID = 1;
        private final String sentence;

        Missing(String sentence) {
            super(sentence, null, false, false);
            this.sentence = sentence;
        }
    }
}
