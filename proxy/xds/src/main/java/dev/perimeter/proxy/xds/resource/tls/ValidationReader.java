package dev.perimeter.proxy.xds.resource.tls;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.tls.DataSource;
import dev.perimeter.proxy.tls.SanMatch;
import dev.perimeter.proxy.tls.SanMatch.Test;
import dev.perimeter.proxy.tls.ValidationContext;
import dev.perimeter.proxy.tls.ValidationContext.Revoked;
import dev.perimeter.proxy.tls.context.Pem;
import dev.perimeter.proxy.xds.resource.field.Names;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whom to trust. */
final class ValidationReader {

    private static final FieldList MATCHER = FieldList.of(StringMatcher::getDescriptor)
            .honoured(
                    StringMatcher.EXACT_FIELD_NUMBER,
                    StringMatcher.PREFIX_FIELD_NUMBER,
                    StringMatcher.SUFFIX_FIELD_NUMBER,
                    StringMatcher.CONTAINS_FIELD_NUMBER)
            .inside(
                    StringMatcher.SAFE_REGEX_FIELD_NUMBER,
                    FieldList.of(RegexMatcher::getDescriptor).honoured(RegexMatcher.REGEX_FIELD_NUMBER));

    private static final FieldList SAN = FieldList.of(SubjectAltNameMatcher::getDescriptor)
            .honoured(SubjectAltNameMatcher.SAN_TYPE_FIELD_NUMBER)
            .inside(SubjectAltNameMatcher.MATCHER_FIELD_NUMBER, MATCHER);

    static final FieldList FIELDS = FieldList.of(CertificateValidationContext::getDescriptor)
            .honoured(
                    CertificateValidationContext.VERIFY_CERTIFICATE_SPKI_FIELD_NUMBER,
                    CertificateValidationContext.VERIFY_CERTIFICATE_HASH_FIELD_NUMBER,
                    CertificateValidationContext.ONLY_VERIFY_LEAF_CERT_CRL_FIELD_NUMBER)
            .inside(CertificateValidationContext.TRUSTED_CA_FIELD_NUMBER, DataSources.FIELDS)
            .inside(CertificateValidationContext.WATCHED_DIRECTORY_FIELD_NUMBER, DataSources.WATCHED)
            .inside(
                    CertificateValidationContext.SYSTEM_ROOT_CERTS_FIELD_NUMBER,
                    FieldList.of(CertificateValidationContext.SystemRootCerts::getDescriptor))
            .inside(CertificateValidationContext.MATCH_TYPED_SUBJECT_ALT_NAMES_FIELD_NUMBER, SAN)
            .inside(CertificateValidationContext.CRL_FIELD_NUMBER, DataSources.FIELDS);

    private ValidationReader() {}

    static ValidationContext read(CertificateValidationContext context, Place place) {
        DataSource ca = context.hasTrustedCa()
                ? DataSources.read(context.getTrustedCa(), Pem::certificates, place.in("trusted_ca"))
                : null;
        Revoked revoked = context.hasCrl()
                ? new Revoked(
                        DataSources.read(context.getCrl(), Pem::revocations, place.in("crl")),
                        context.getOnlyVerifyLeafCertCrl())
                : null;
        List<SanMatch> names = new ArrayList<>();
        for (int i = 0; i < context.getMatchTypedSubjectAltNamesCount(); i++) {
            names.add(san(context.getMatchTypedSubjectAltNames(i), place.in("match_typed_subject_alt_names", i)));
        }
        List<String> hashes = new ArrayList<>();
        for (int i = 0; i < context.getVerifyCertificateHashCount(); i++) {
            String hash = context.getVerifyCertificateHash(i).replace(":", "").toLowerCase(Locale.ROOT);
            if (!hash.matches("[0-9a-f]{64}")) {
                place.in("verify_certificate_hash", i).refuse("must be the 64 hexadecimal digits of a SHA-256");
            }
            hashes.add(hash);
        }
        return new ValidationContext(
                ca,
                context.hasSystemRootCerts(),
                List.copyOf(names),
                List.copyOf(context.getVerifyCertificateSpkiList()),
                List.copyOf(hashes),
                revoked);
    }

    private static SanMatch san(SubjectAltNameMatcher matcher, Place place) {
        SanMatch.Type type = switch (matcher.getSanType()) {
            case EMAIL -> SanMatch.Type.EMAIL;
            case DNS -> SanMatch.Type.DNS;
            case URI -> SanMatch.Type.URI;
            case IP_ADDRESS -> SanMatch.Type.IP_ADDRESS;
            default -> {
                place.in("san_type").refuse("must be one of EMAIL, DNS, URI and IP_ADDRESS");
                yield SanMatch.Type.ANY;
            }
        };
        return new SanMatch(type, test(matcher.getMatcher(), place.in("matcher")));
    }

    private static Test test(StringMatcher matcher, Place place) {
        return switch (matcher.getMatchPatternCase()) {
            case EXACT -> new Test.Exact(matcher.getExact());
            case PREFIX -> new Test.Prefix(Names.required(matcher.getPrefix(), place.in("prefix")));
            case SUFFIX -> new Test.Suffix(Names.required(matcher.getSuffix(), place.in("suffix")));
            case CONTAINS -> new Test.Contains(Names.required(matcher.getContains(), place.in("contains")));
            case SAFE_REGEX -> {
                String expression = matcher.getSafeRegex().getRegex();
                try {
                    yield new Test.Regex(Pattern.compile(expression));
                } catch (PatternSyntaxException wrong) {
                    place.in("safe_regex")
                            .in("regex")
                            .refuse("`" + expression + "` is not a regular expression: " + wrong.getDescription());
                    yield new Test.Exact(expression);
                }
            }
            default -> {
                place.refuse("needs one of exact, prefix, suffix, contains and safe_regex");
                yield new Test.Exact("");
            }
        };
    }
}
