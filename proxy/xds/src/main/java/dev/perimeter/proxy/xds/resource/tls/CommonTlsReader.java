package dev.perimeter.proxy.xds.resource.tls;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.tls.CipherNames;
import dev.perimeter.proxy.tls.Secret;
import dev.perimeter.proxy.tls.TlsCertificate;
import dev.perimeter.proxy.tls.TlsSettings;
import dev.perimeter.proxy.tls.TlsSettings.Parameters;
import dev.perimeter.proxy.tls.TlsSettings.Version;
import dev.perimeter.proxy.tls.ValidationContext;
import dev.perimeter.proxy.xds.resource.field.ConfigSources;
import dev.perimeter.proxy.xds.resource.field.Names;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.source.ResourceType;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext.CombinedCertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import java.util.ArrayList;
import java.util.List;

/** What both sides of TLS have in common. */
final class CommonTlsReader {

    static final FieldList SDS = FieldList.of(SdsSecretConfig::getDescriptor)
            .honoured(SdsSecretConfig.NAME_FIELD_NUMBER)
            .inside(SdsSecretConfig.SDS_CONFIG_FIELD_NUMBER, ConfigSources.FIELDS);

    private static final FieldList PARAMETERS = FieldList.of(TlsParameters::getDescriptor)
            .honoured(
                    TlsParameters.TLS_MINIMUM_PROTOCOL_VERSION_FIELD_NUMBER,
                    TlsParameters.TLS_MAXIMUM_PROTOCOL_VERSION_FIELD_NUMBER,
                    TlsParameters.CIPHER_SUITES_FIELD_NUMBER,
                    TlsParameters.ECDH_CURVES_FIELD_NUMBER);

    static final FieldList FIELDS = FieldList.of(CommonTlsContext::getDescriptor)
            .honoured(CommonTlsContext.ALPN_PROTOCOLS_FIELD_NUMBER)
            .inside(CommonTlsContext.TLS_PARAMS_FIELD_NUMBER, PARAMETERS)
            .inside(CommonTlsContext.TLS_CERTIFICATES_FIELD_NUMBER, SecretReader.CERTIFICATE)
            .inside(CommonTlsContext.TLS_CERTIFICATE_SDS_SECRET_CONFIGS_FIELD_NUMBER, SDS)
            .inside(CommonTlsContext.VALIDATION_CONTEXT_FIELD_NUMBER, ValidationReader.FIELDS)
            .inside(CommonTlsContext.VALIDATION_CONTEXT_SDS_SECRET_CONFIG_FIELD_NUMBER, SDS)
            .inside(
                    CommonTlsContext.COMBINED_VALIDATION_CONTEXT_FIELD_NUMBER,
                    FieldList.of(CombinedCertificateValidationContext::getDescriptor)
                            .inside(
                                    CombinedCertificateValidationContext.DEFAULT_VALIDATION_CONTEXT_FIELD_NUMBER,
                                    ValidationReader.FIELDS)
                            .inside(
                                    CombinedCertificateValidationContext
                                            .VALIDATION_CONTEXT_SDS_SECRET_CONFIG_FIELD_NUMBER,
                                    SDS));

    private CommonTlsReader() {}

    static TlsSettings read(CommonTlsContext context, Parameters defaults, Place place) {
        List<Secret.Reference<TlsCertificate>> certificates = new ArrayList<>();
        for (int i = 0; i < context.getTlsCertificatesCount(); i++) {
            certificates.add(new Secret.Given<>(
                    SecretReader.certificate(context.getTlsCertificates(i), place.in("tls_certificates", i))));
        }
        for (int i = 0; i < context.getTlsCertificateSdsSecretConfigsCount(); i++) {
            certificates.add(sds(
                    context.getTlsCertificateSdsSecretConfigs(i), place.in("tls_certificate_sds_secret_configs", i)));
        }
        Secret.Reference<ValidationContext> validation = null;
        ValidationContext others = null;
        switch (context.getValidationContextTypeCase()) {
            case VALIDATION_CONTEXT -> {
                Place here = place.in("validation_context");
                ValidationContext given = ValidationReader.read(context.getValidationContext(), here);
                if (given.revoked() != null && given.trustedCa() == null && !given.systemRoots()) {
                    here.in("crl").refuse("needs trusted_ca or system_root_certs: only who is trusted can take back");
                }
                validation = new Secret.Given<>(given);
            }
            case VALIDATION_CONTEXT_SDS_SECRET_CONFIG ->
                validation = sds(
                        context.getValidationContextSdsSecretConfig(),
                        place.in("validation_context_sds_secret_config"));
            case COMBINED_VALIDATION_CONTEXT -> {
                CombinedCertificateValidationContext combined = context.getCombinedValidationContext();
                Place here = place.in("combined_validation_context");
                others = ValidationReader.read(
                        combined.getDefaultValidationContext(), here.in("default_validation_context"));
                validation = sds(
                        combined.getValidationContextSdsSecretConfig(),
                        here.in("validation_context_sds_secret_config"));
            }
            default -> {}
        }
        return new TlsSettings(
                parameters(context.getTlsParams(), defaults, place.in("tls_params")),
                List.copyOf(certificates),
                validation,
                others,
                List.copyOf(context.getAlpnProtocolsList()));
    }

    static <S extends Secret> Secret.Reference<S> sds(SdsSecretConfig config, Place place) {
        Names.required(config.getName(), place.in("name"));
        if (!config.hasSdsConfig()) {
            return new Secret.Named<>(ConfigSources.fixed(ResourceType.SECRET, config.getName(), place.in("name"))
                    .key());
        }
        return new Secret.Named<>(ConfigSources.reference(
                        ResourceType.SECRET, config.getName(), config.getSdsConfig(), place.in("sds_config"))
                .key());
    }

    private static Parameters parameters(TlsParameters parameters, Parameters defaults, Place place) {
        Version least = version(parameters.getTlsMinimumProtocolVersion(), defaults.least());
        Version most = version(parameters.getTlsMaximumProtocolVersion(), defaults.most());
        if (least.compareTo(most) > 0) {
            place.in("tls_maximum_protocol_version").refuse(most + " is less than the minimum, " + least);
        }
        List<String> ciphers = new ArrayList<>();
        for (int i = 0; i < parameters.getCipherSuitesCount(); i++) {
            // Envoy's groups of equal preference, [A|B], are taken in their order.
            for (String name :
                    parameters.getCipherSuites(i).replaceAll("[\\[\\]]", "").split("\\|")) {
                String suite = CipherNames.iana(name);
                if (suite == null) {
                    place.in("cipher_suites", i).refuse("`" + name + "` is no cipher suite that is known here");
                } else {
                    ciphers.add(suite);
                }
            }
        }
        return new Parameters(least, most, List.copyOf(ciphers), List.copyOf(parameters.getEcdhCurvesList()));
    }

    private static Version version(TlsParameters.TlsProtocol protocol, Version automatic) {
        return switch (protocol) {
            case TLSv1_0 -> Version.TLS_1_0;
            case TLSv1_1 -> Version.TLS_1_1;
            case TLSv1_2 -> Version.TLS_1_2;
            case TLSv1_3 -> Version.TLS_1_3;
            default -> automatic;
        };
    }
}
