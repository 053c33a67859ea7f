package dev.perimeter.proxy.exchange;

import dev.perimeter.proxy.balance.MetadataMatch;
import dev.perimeter.proxy.balance.Pick;
import dev.perimeter.proxy.balance.hash.HashFunction;
import dev.perimeter.proxy.filter.Attribute;
import dev.perimeter.proxy.filter.SessionHost;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.HashPolicy;
import dev.perimeter.proxy.route.path.RegexRewrite;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request's route says of its endpoint: which requests belong together (Envoy: hash_policy), and what its
 * metadata must be (metadata_match). Costs nothing where a route says neither.
 */
final class Affinity {

    /** The cookie by which the requests to come will belong to this one; goes into the response. */
    static final Attribute<String> NEW_COOKIE = new Attribute<>("hash_policy.cookie");

    private Affinity() {}

    static Pick pick(HttpExchange exchange, RequestHead head, List<HashPolicy> policies, Map<String, String> metadata) {
        Pick.OverrideHost session = exchange.get(SessionHost.WANTED);
        if (policies.isEmpty() && metadata.isEmpty()) {
            return Pick.ANY.with(session);
        }
        MetadataMatch match = metadata.isEmpty() ? MetadataMatch.ANY : new MetadataMatch(Map.copyOf(metadata));
        return new Pick(List.of(), policies.isEmpty() ? null : hash(exchange, head, policies), match, session);
    }

    /** Each policy that finds something turns what was found before; a terminal one that does ends the list. */
    private static @Nullable Long hash(HttpExchange exchange, RequestHead head, List<HashPolicy> policies) {
        long hash = 0;
        boolean found = false;
        for (HashPolicy policy : policies) {
            String key = key(exchange, head, policy);
            if (key != null) {
                hash = (found ? Long.rotateLeft(hash, 1) : 0) ^ HashFunction.XX_HASH.hash(key);
                found = true;
                if (policy.terminal()) {
                    break;
                }
            }
        }
        return found ? hash : null;
    }

    private static @Nullable String key(HttpExchange exchange, RequestHead head, HashPolicy policy) {
        return switch (policy) {
            case HashPolicy.Header(String name, RegexRewrite rewrite, boolean terminal) -> {
                String value = head.headers().get(name);
                yield value == null || rewrite == null ? value : rewrite.apply(value);
            }
            case HashPolicy.SourceAddress(boolean terminal) -> exchange.remoteHost();
            case HashPolicy.QueryParameter(String name, boolean terminal) -> query(head.path(), name);
            case HashPolicy.Cookie cookie -> {
                String sent = cookie(head.headers(), cookie.name());
                yield sent == null ? made(exchange, cookie) : sent;
            }
        };
    }

    private static @Nullable String made(HttpExchange exchange, HashPolicy.Cookie cookie) {
        if (cookie.ttl() == null) {
            return null;
        }
        String value = Long.toHexString(exchange.connection().worker().random().nextLong());
        String age = cookie.ttl().isZero() ? "" : "; Max-Age=" + cookie.ttl().toSeconds();
        String path = cookie.path().isEmpty() ? "" : "; Path=" + cookie.path();
        exchange.put(NEW_COOKIE, cookie.name() + "=\"" + value + '"' + age + path + cookie.attributes() + "; HttpOnly");
        return value;
    }

    /** RFC 6265 section 5.4; a client may put a value into quotes as it was given. */
    private static @Nullable String cookie(Headers headers, String name) {
        for (int i = headers.indexOf("cookie", 0); i >= 0; i = headers.indexOf("cookie", i + 1)) {
            for (String pair : headers.value(i).split(";")) {
                int equals = pair.indexOf('=');
                if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                    String value = pair.substring(equals + 1).strip();
                    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
                    return quoted ? value.substring(1, value.length() - 1) : value;
                }
            }
        }
        return null;
    }

    private static @Nullable String query(String path, String name) {
        int at = path.indexOf('?');
        while (at >= 0) {
            int end = path.indexOf('&', at + 1);
            String pair = path.substring(at + 1, end < 0 ? path.length() : end);
            if (pair.startsWith(name) && pair.length() > name.length() && pair.charAt(name.length()) == '=') {
                return pair.substring(name.length() + 1);
            }
            at = end;
        }
        return null;
    }
}
