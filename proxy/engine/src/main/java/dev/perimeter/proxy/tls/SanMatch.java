package dev.perimeter.proxy.tls;

import com.google.re2j.Pattern;
import java.util.Locale;

/**
 * A condition on one subject alternative name.
 *
 * @param type which kind of name; ANY looks at all
 */
public record SanMatch(Type type, Test test) {

    /** The kinds of RFC 5280 section 4.2.1.6 that are of use here, with their tags. */
    public enum Type {
        ANY(-1),
        EMAIL(1),
        DNS(2),
        URI(6),
        IP_ADDRESS(7);

        private final int tag;

        Type(int tag) {
            this.tag = tag;
        }

        public boolean is(int candidate) {
            return tag == candidate || this == ANY;
        }
    }

    public sealed interface Test {

        record Exact(String value) implements Test {}

        record Prefix(String value) implements Test {}

        record Suffix(String value) implements Test {}

        record Contains(String value) implements Test {}

        record Regex(Pattern expression) implements Test {}
    }

    public static SanMatch uri(String value) {
        return new SanMatch(Type.URI, new Test.Exact(value));
    }

    public static SanMatch dns(String value) {
        return new SanMatch(Type.DNS, new Test.Exact(value));
    }

    /** Whether a name of the certificate fits. */
    public boolean matches(int tag, String name) {
        if (!type.is(tag)) {
            return false;
        }
        return switch (test) {
            case Test.Exact(String value) -> type == Type.DNS ? dnsName(value, name) : value.equals(name);
            case Test.Prefix(String value) -> name.startsWith(value);
            case Test.Suffix(String value) -> name.endsWith(value);
            case Test.Contains(String value) -> name.contains(value);
            case Test.Regex(Pattern expression) -> expression.matches(name);
        };
    }

    /** A certificate may stand for all names one label below (RFC 6125 section 6.4.3); case does not count. */
    public static boolean dnsName(String wanted, String inCertificate) {
        String name = inCertificate.toLowerCase(Locale.ROOT);
        String host = wanted.toLowerCase(Locale.ROOT);
        if (!name.startsWith("*.")) {
            return name.equals(host);
        }
        int dot = host.indexOf('.');
        return dot > 0 && host.substring(dot).equals(name.substring(1));
    }
}
