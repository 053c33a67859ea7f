package dev.perimeter.proxy.http.hpack;

import dev.perimeter.proxy.http.BadRequest;
import dev.perimeter.proxy.http.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * Every way in which an HTTP/2 message can be malformed (RFC 9113 section 8.1.1). Such a message goes no further: on its
 * way through HTTP/1.1 it could become two messages.
 */
public enum FieldViolation {
    PSEUDO_UNKNOWN(400, "pseudo_unknown", "a pseudo-header field that is not known here (RFC 9113 section 8.3)"),
    PSEUDO_REPEATED(400, "pseudo_repeated", "a pseudo-header field twice (RFC 9113 section 8.3)"),
    PSEUDO_LATE(400, "pseudo_late", "a pseudo-header field behind a regular field (RFC 9113 section 8.3)"),
    PSEUDO_MISSING(
            400, "pseudo_missing", "the method, scheme, path or status is missing (RFC 9113 sections 8.3.1 and 8.3.2)"),
    PSEUDO_MISPLACED(
            400,
            "pseudo_misplaced",
            "a pseudo-header field of the other direction, or in trailers (RFC 9113 sections 8.1 and 8.3)"),
    NAME(400, "field_name", "a field name is not a token in lower case (RFC 9113 section 8.2.1)"),
    VALUE(
            400,
            "field_value",
            "a field value holds a control character or begins or ends in whitespace (RFC 9113 section 8.2.1)"),
    CONNECTION_FIELD(400, "connection_field", "a field that belongs to a connection (RFC 9113 section 8.2.2)"),
    TE(400, "te", "TE with more than trailers (RFC 9113 section 8.2.2)"),
    TOO_MANY(431, "too_many_headers", "there are more header fields than allowed (RFC 6585 section 5)"),
    TOO_LARGE(431, "headers_too_large", "the header fields are larger than allowed (RFC 6585 section 5)"),
    METHOD(400, "method", "the method is not a token (RFC 9110 section 9.1)"),
    SCHEME(400, "scheme", "the scheme is neither http nor https (RFC 9113 section 8.3.1)"),
    PATH(400, "path", "the path is empty or holds a character that no path may hold (RFC 9113 section 8.3.1)"),
    PATH_TOO_LONG(414, "uri_too_long", "the path is longer than allowed (RFC 9110 section 15.5.15)"),
    AUTHORITY(400, "authority", "the authority is missing, or not host and optional port (RFC 9113 section 8.3.1)"),
    HOST_DIFFERS(400, "host_differs", "Host names something else than the authority (RFC 9113 section 8.3.1)"),
    HOST_REPEATED(400, "host_repeated", "more than one Host (RFC 9110 section 7.2)"),
    CONNECT_TARGET(400, "connect_target", "CONNECT with a scheme or a path (RFC 9113 section 8.5)"),
    CONNECT_REFUSED(501, "connect", "CONNECT is not offered here (RFC 9110 section 9.3.6)"),
    PROTOCOL(400, "protocol", "the protocol field without CONNECT, or where it is not offered (RFC 8441 section 4)"),
    STATUS(502, "status", "the status is not three digits, or is 101 (RFC 9113 sections 8.3.2 and 8.6)"),
    LENGTH_INVALID(
            400,
            "content_length_invalid",
            "the length is said twice, or is not a number of bytes (RFC 9110 section 8.6)"),
    LENGTH_WRONG(400, "content_length_wrong", "the content is not as long as was said (RFC 9113 section 8.1.1)"),
    CONNECT_CONTENT(400, "connect_content", "CONNECT with a length, which has no meaning (RFC 9110 section 9.3.6)"),
    EXPECTATION(417, "expectation", "an expectation other than 100-continue (RFC 9110 section 10.1.1)"),
    UNDERSCORE(400, "underscore", "a field name with an underscore, which the config refuses (RFC 9110 section 5.1)");

    private final int status;
    private final String details;
    private final String sentence;

    FieldViolation(int status, String details, String sentence) {
        this.status = status;
        this.details = "http2." + details;
        this.sentence = sentence;
    }

    /** Whether the message breaks the protocol; else it is only more than is offered here. */
    public boolean isMalformed() {
        return status == 400;
    }

    /** Short name for {@code %RESPONSE_CODE_DETAILS%}, beginning with {@code http2.}. */
    public String details() {
        return details;
    }

    /** What was wrong, with the section that says so. */
    public String sentence() {
        return sentence;
    }

    /** As what a handler is told; {@code partial} is what could be read of the head. */
    public BadRequest refuse(@Nullable RequestHead partial) {
        return new BadRequest(status, details, sentence, partial);
    }
}
