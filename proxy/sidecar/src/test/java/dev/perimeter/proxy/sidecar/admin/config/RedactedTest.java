package dev.perimeter.proxy.sidecar.admin.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A key in the bootstrap is not shown by the admin page. */
class RedactedTest {

    @Test
    void keysAndPasswords_anywhere_areNotShown() {
        Map<String, Object> certificate = Map.of(
                "certificate_chain", Map.of("inline_string", "public"),
                "private_key", Map.of("inline_string", "s3cret"),
                "password", Map.of("inline_string", "s3cret"));
        Map<String, Object> secret = Map.of(
                "name", "server", "session_ticket_keys", Map.of("keys", List.of(Map.of("inline_string", "s3cret"))));

        Object shown = Redacted.of(Map.of(
                "static_resources", Map.of("secrets", List.of(secret, Map.of("tls_certificate", certificate)))));

        assertThat(String.valueOf(shown))
                .contains("public", "server", "[redacted]")
                .doesNotContain("s3cret");
    }

    @Test
    void everythingElse_isShownAsItIs() {
        Map<String, Object> tree = Map.of("node", Map.of("id", "a"), "keys", List.of(1, true, "x"));

        assertThat(Redacted.of(tree)).isEqualTo(tree);
    }
}
