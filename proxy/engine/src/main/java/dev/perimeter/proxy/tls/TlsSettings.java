package dev.perimeter.proxy.tls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What both sides of TLS have in common (Envoy: CommonTlsContext).
 *
 * @param certificates the own ones: by key type and, on a server, by the name the client asks for
 * @param validation of the peer's certificate; null asks for none (server) or believes any (client), as in Envoy
 * @param validationDefaults joined to {@code validation}; null for nothing
 * @param alpn protocols to offer or to accept, the best first
 */
public record TlsSettings(
        Parameters parameters,
        List<Secret.Reference<TlsCertificate>> certificates,
        Secret.@Nullable Reference<ValidationContext> validation,
        @Nullable ValidationContext validationDefaults,
        List<String> alpn) {

    public enum Version {
        TLS_1_0("TLSv1"),
        TLS_1_1("TLSv1.1"),
        TLS_1_2("TLSv1.2"),
        TLS_1_3("TLSv1.3");

        private final String javaName;

        Version(String javaName) {
            this.javaName = javaName;
        }

        public String javaName() {
            return javaName;
        }
    }

    /**
     * @param ciphers for versions before 1.3, by their IANA names; empty for the library's own choice
     * @param curves e.g. {@code X25519}, {@code P-256}; empty for the library's own choice
     */
    public record Parameters(Version least, Version most, List<String> ciphers, List<String> curves) {

        /** Envoy's defaults for a server. */
        public static final Parameters SERVER = new Parameters(Version.TLS_1_2, Version.TLS_1_3, List.of(), List.of());

        /** Envoy's defaults for a client. */
        public static final Parameters CLIENT = new Parameters(Version.TLS_1_2, Version.TLS_1_2, List.of(), List.of());
    }
}
