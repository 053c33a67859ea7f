package dev.perimeter.proxy.sidecar.admin.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A bootstrap as it may be shown: what only its owner may know does not leave the process. */
final class Redacted {

    /** Envoy writes this in the place of fields that its protobufs mark as sensitive. */
    private static final String WORD = "[redacted]";

    private static final Set<String> SENSITIVE = Set.of(
            "private_key", "private_key_provider", "password", "pkcs12", "session_ticket_keys", "generic_secret");

    private Redacted() {}

    static @Nullable Object of(@Nullable Object tree) {
        return switch (tree) {
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> copy = new LinkedHashMap<>();
                map.forEach(
                        (name, value) -> copy.put(String.valueOf(name), SENSITIVE.contains(name) ? WORD : of(value)));
                yield copy;
            }
            case List<?> list -> list.stream().map(Redacted::of).toList();
            case null, default -> tree;
        };
    }
}
