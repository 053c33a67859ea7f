package dev.perimeter.proxy.http.parse;

import dev.perimeter.proxy.http.BadRequest;
import dev.perimeter.proxy.http.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * Every way in which received bytes can fail to be HTTP/1.1 that has exactly one meaning. A sender of such bytes is
 * refused: were they passed on, two servers could read two different messages from them.
 */
public enum Violation {
    BARE_LF(400, "bare_lf", "a line ends in LF without CR (RFC 9112 section 2.2)"),
    BARE_CR(400, "bare_cr", "a CR is not followed by LF (RFC 9112 section 2.2)"),
    NUL(400, "nul", "the head holds a NUL byte (RFC 9110 section 5.5)"),
    CONTROL_CHARACTER(400, "control_character", "the head holds a control character (RFC 9110 section 5.5)"),
    EMPTY_LINES(400, "empty_lines", "more than one empty line before the request line (RFC 9112 section 2.2)"),
    TLS_ON_PLAIN_PORT(400, "tls_on_plain_port", "a TLS handshake on a port for plain HTTP (RFC 9112 section 3)"),
    HTTP2_PREFACE(505, "http2_preface", "an HTTP/2 preface on a port for HTTP/1.1 (RFC 9113 section 3.4)"),

    REQUEST_LINE(
            400,
            "request_line",
            "the request line is not method, target and version with one space between (RFC 9112 section 3)"),
    METHOD(400, "method", "the method is not a token (RFC 9110 section 9.1)"),
    VERSION_SYNTAX(400, "version_syntax", "the version is not of the form HTTP/1.1 (RFC 9112 section 2.3)"),
    VERSION(505, "version", "only HTTP/1.1 and HTTP/1.0 are spoken here (RFC 9110 section 15.6.6)"),
    URI_TOO_LONG(414, "uri_too_long", "the request line is longer than allowed (RFC 9110 section 15.5.15)"),
    TARGET(400, "target", "the request target holds a character that no URI may hold (RFC 9112 section 3.2)"),
    TARGET_FORM(400, "target_form", "the form of the request target does not fit the method (RFC 9112 section 3.2)"),
    ABSOLUTE_TARGET(
            400,
            "absolute_target",
            "absolute targets are for proxies, and this listener is none (RFC 9112 section 3.2.2)"),
    USERINFO(400, "userinfo", "the authority holds user information (RFC 9110 section 4.2.4)"),
    AUTHORITY(400, "authority", "the authority is not host and optional port (RFC 9110 section 7.2)"),
    CONNECT(501, "connect", "CONNECT is not offered here (RFC 9110 section 9.3.6)"),

    CONNECT_CONTENT(400, "connect_content", "CONNECT with content, which has no meaning (RFC 9110 section 9.3.6)"),

    HEADERS_TOO_LARGE(431, "headers_too_large", "the header fields are larger than allowed (RFC 6585 section 5)"),
    TOO_MANY_HEADERS(431, "too_many_headers", "there are more header fields than allowed (RFC 6585 section 5)"),
    OBSOLETE_FOLDING(400, "obs_fold", "a header field is folded over two lines (RFC 9112 section 5.2)"),
    WHITESPACE_BEFORE_COLON(
            400, "whitespace_before_colon", "whitespace between a field name and its colon (RFC 9112 section 5.1)"),
    EMPTY_FIELD_NAME(400, "empty_field_name", "a header field without a name (RFC 9112 section 5.1)"),
    FIELD_NAME(400, "field_name", "a field name is not a token (RFC 9110 section 5.1)"),
    NO_COLON(400, "no_colon", "a header line without a colon (RFC 9112 section 5)"),
    HOST_MISSING(400, "host_missing", "a request without Host (RFC 9112 section 3.2)"),
    HOST_REPEATED(400, "host_repeated", "more than one Host (RFC 9112 section 3.2)"),
    HOST_INVALID(400, "host_invalid", "the value of Host is not host and optional port (RFC 9112 section 3.2)"),
    EXPECTATION(417, "expectation", "an expectation other than 100-continue (RFC 9110 section 10.1.1)"),

    LENGTH_AND_CODING(
            400,
            "content_length_and_transfer_encoding",
            "both Content-Length and Transfer-Encoding (RFC 9112 section 6.1)"),
    LENGTH_REPEATED(400, "content_length_repeated", "more than one Content-Length (RFC 9112 section 6.3)"),
    LENGTH_INVALID(
            400,
            "content_length_invalid",
            "the value of Content-Length is not a number of bytes (RFC 9110 section 8.6)"),
    CODING_INVALID(
            400,
            "transfer_encoding_invalid",
            "chunked is not the last and only transfer coding (RFC 9112 section 6.1)"),
    CODING_UNKNOWN(501, "transfer_encoding_unknown", "a transfer coding that is not known here (RFC 9112 section 6.1)"),
    CODING_IN_HTTP_1_0(400, "transfer_encoding_in_http_1_0", "Transfer-Encoding in HTTP/1.0 (RFC 9112 section 6.1)"),

    CHUNK_SIZE(400, "chunk_size", "a chunk size that is not a hexadecimal number (RFC 9112 section 7.1)"),
    CHUNK_SIZE_OVERFLOW(400, "chunk_size_overflow", "a chunk size too large to be real (RFC 9112 section 7.1)"),
    CHUNK_EXTENSION(400, "chunk_extension", "a malformed or over-long chunk extension (RFC 9112 section 7.1.1)"),
    CHUNK_END(400, "chunk_end", "chunk data is not followed by CRLF (RFC 9112 section 7.1)"),

    HEADERS_TIMEOUT(
            408,
            "request_header_timeout",
            "the head of the request took longer than allowed (RFC 9110 section 15.5.9)"),

    STATUS_LINE(502, "status_line", "the status line is not version, three digits and reason (RFC 9112 section 4)"),
    SWITCHING_PROTOCOLS(502, "switching_protocols", "101 without a request to upgrade (RFC 9110 section 15.2.2)"),
    WEBSOCKET_ACCEPT(
            502, "websocket_accept", "101 to a WebSocket without the answer to its key (RFC 6455 section 4.1)"),
    TOO_MANY_INFORMATIONAL(502, "too_many_informational", "an endless row of 1xx responses (RFC 9110 section 15.2)");

    private final int status;
    private final String details;
    private final String sentence;

    Violation(int status, String details, String sentence) {
        this.status = status;
        this.details = "http1." + details;
        this.sentence = sentence;
    }

    /** The status a client gets for it. */
    public int status() {
        return status;
    }

    /** Short name for {@code %RESPONSE_CODE_DETAILS%}, beginning with {@code http1.}. */
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
