package dev.perimeter.proxy.tls;

import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.tls.TlsSettings.Version;
import io.netty.handler.ssl.OpenSsl;
import java.util.Map;

/**
 * Who does TLS. The JDK cannot do all that BoringSSL can, so what it cannot is refused by its field instead of being left
 * without effect.
 */
public enum TlsLibrary {
    BORINGSSL,
    JDK;

    /** Groups by the names that configuration has for them, and by the JDK's. */
    private static final Map<String, String> JDK_GROUPS = Map.of(
            "X25519", "x25519", "X448", "x448", "P-256", "secp256r1", "P-384", "secp384r1", "P-521", "secp521r1");

    private static final String COMMON = "common_tls_context.tls_params.";

    /** BoringSSL where its library loads. */
    public static TlsLibrary best() {
        return OpenSsl.isAvailable() ? BORINGSSL : JDK;
    }

    /** The JDK's name of a group; the name itself when it has none. */
    public static String jdkGroup(String name) {
        return JDK_GROUPS.getOrDefault(name, name);
    }

    /** The configuration, or which field of a DownstreamTlsContext this library cannot do. */
    public Parsed<DownstreamTls> check(DownstreamTls config) {
        if (this == BORINGSSL) {
            return new Parsed.Ok<>(config);
        }
        if (config.ticketKeys() != null) {
            return cannot(
                    config.ticketKeys() instanceof Secret.Given<SessionTicketKeys>
                            ? "session_ticket_keys"
                            : "session_ticket_keys_sds_secret_config",
                    "it seals tickets with keys of its own");
        }
        if (!config.statelessResumption() || !config.statefulResumption()) {
            return cannot(
                    config.statelessResumption()
                            ? "disable_stateful_session_resumption"
                            : "disable_stateless_session_resumption",
                    "it has no switch for this, so sessions would be resumed all the same");
        }
        return settings(config.settings(), config);
    }

    /** The configuration, or which field of an UpstreamTlsContext this library cannot do. */
    public Parsed<UpstreamTls> check(UpstreamTls config) {
        if (this == BORINGSSL) {
            return new Parsed.Ok<>(config);
        }
        if (config.sessions() == 0) {
            return cannot("max_session_keys", "as a client it always keeps sessions, so it cannot be 0");
        }
        return settings(config.settings(), config);
    }

    private static <T> Parsed<T> settings(TlsSettings settings, T config) {
        TlsSettings.Parameters parameters = settings.parameters();
        if (parameters.least().compareTo(Version.TLS_1_2) < 0) {
            return cannot(COMMON + "tls_minimum_protocol_version", "it speaks no version before TLSv1_2");
        }
        for (int i = 0; i < parameters.curves().size(); i++) {
            String curve = parameters.curves().get(i);
            if (!JDK_GROUPS.containsKey(curve)) {
                return cannot(COMMON + "ecdh_curves[" + i + "]", "it does not know `" + curve + "`");
            }
        }
        return new Parsed.Ok<>(config);
    }

    private static <T> Parsed<T> cannot(String path, String why) {
        return new Parsed.Bad<>(path, "needs BoringSSL, but here the JDK does TLS: " + why);
    }
}
