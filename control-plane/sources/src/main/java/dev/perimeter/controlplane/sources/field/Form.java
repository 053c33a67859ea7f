package dev.perimeter.controlplane.sources.field;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** The forms a text may have to have, each with the sentence for a text that has not and what to do about it. */
public enum Form {
    /** RFC 1123, as Kubernetes wants it for namespaces, services and ports. */
    LABEL(
            "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?",
            "it must be lower-case letters, digits and dashes, 63 at most, and start and end with a letter or digit.",
            "Choose a name like \"web-v1\"."),
    /** RFC 1123 labels with dots between them, as Kubernetes wants it for most names. */
    NAME(
            "(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*",
            "it must be lower-case letters, digits, dashes and dots, and start and end with a letter or digit.",
            "Choose a name like \"web-v1\"."),
    /** A host name, or one that starts with {@code *.}; Gateway API's Hostname. */
    HOST(
            "(?=.{1,253}$)(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*",
            "it must be a lower-case host name, maybe with \"*.\" before it, without a port.",
            "Write it like \"shop.example.com\" or \"*.example.com\"."),
    /** RFC 9110, section 5.6.2. */
    TOKEN("[!#$%&'*+.^_`|~0-9A-Za-z-]+", "it must be a field name as HTTP allows it.", "Write it like \"X-Version\"."),
    /** A header value with what can stand in one line; RFC 9110, section 5.5. */
    HEADER_VALUE(
            "[\\x21-\\x7e\\x80-\\uffff]([\\t\\x20-\\x7e\\x80-\\uffff]*[\\x21-\\x7e\\x80-\\uffff])?|",
            "a header value is one line, without blanks at its ends.",
            "Remove line breaks and the blanks at the ends."),
    /** An absolute path without query. */
    PATH("/[^?#\\s]*", "a path starts with a slash and has no query and no blanks.", "Write it like \"/catalogue\"."),
    /** Dotted decimal. */
    IPV4(
            "((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(?!$)|$)){4}",
            "it must be an IPv4 address.", "Write it like \"127.0.0.1\"."),
    /** Gateway API's Duration (GEP-2257). */
    DURATION(
            "([0-9]{1,5}(h|m|s|ms)){1,4}",
            "a duration is a number with its unit, such as 500ms, 10s or 1m30s.",
            "Write it like \"10s\"."),
    /** Environment variables. */
    VARIABLE(
            "[-._a-zA-Z][-._a-zA-Z0-9]*",
            "a variable's name is letters, digits, \"_\", \"-\" and \".\", no digit first.",
            "Write it like \"SERVER_PORT\"."),
    /** An RE2 expression: no look-around and no back-references, so that matching takes linear time. */
    REGEX("(?s).+", "it must be an expression.", "Write an RE2 expression, without look-around and back-references.") {
        @Override
        @Nullable
        String refusal(String text) {
            if (text.contains("(?=") || text.contains("(?!") || text.contains("(?<=") || text.contains("(?<!")) {
                return "RE2 has no look-around.";
            }
            try {
                Pattern.compile(text);
                return BACK_REFERENCE.matcher(text).find() ? "RE2 has no back-references." : super.refusal(text);
            } catch (PatternSyntaxException wrong) {
                return "it is no regular expression: " + wrong.getDescription() + ".";
            }
        }
    };

    private static final Pattern BACK_REFERENCE = Pattern.compile("(?<!\\\\)(\\\\\\\\)*\\\\[1-9]");

    private final Pattern pattern;
    private final String reason;
    private final String fix;

    Form(String pattern, String reason, String fix) {
        this.pattern = Pattern.compile(pattern);
        this.reason = reason;
        this.fix = fix;
    }

    /** Why a text has not this form; null if it has. */
    @Nullable
    String refusal(String text) {
        return pattern.matcher(text).matches() ? null : reason;
    }

    public String fix() {
        return fix;
    }
}
