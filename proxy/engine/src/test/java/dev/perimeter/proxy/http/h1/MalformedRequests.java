package dev.perimeter.proxy.http.h1;

import static java.util.stream.Collectors.joining;

import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpLimits;
import java.util.List;
import java.util.stream.IntStream;

/** Requests that must not pass: what is wrong, the section that says so, the bytes, and the status they earn. */
public final class MalformedRequests {

    public record Malformed(String name, String rfc, String bytes, int status) {

        @Override
        public String toString() {
            return name + " (" + rfc + ")";
        }
    }

    /** Under which the rows that are too large are too large. */
    public static final HttpLimits LIMITS = HttpServer.LIMITS;

    private static final String LINE = "POST / HTTP/1.1\r\nHost: a\r\n";
    private static final String CHUNKED = LINE + "Transfer-Encoding: chunked\r\n\r\n";

    public static List<Malformed> all() {
        return List.of(
                // Message framing: two readers, two messages.
                row(
                        "length and coding",
                        "9112 6.1",
                        LINE + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        400),
                row(
                        "coding and length",
                        "9112 6.1",
                        LINE + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
                        400),
                row(
                        "two lengths that differ",
                        "9112 6.3",
                        LINE + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
                        400),
                row("two equal lengths", "9112 6.3", LINE + "Content-Length: 4\r\ncontent-length: 4\r\n\r\nabcd", 400),
                row("a list of equal lengths", "9112 6.3", LINE + "Content-Length: 4, 4\r\n\r\nabcd", 400),
                row("length with plus sign", "9110 8.6", LINE + "Content-Length: +4\r\n\r\nabcd", 400),
                row("length with minus sign", "9110 8.6", LINE + "Content-Length: -4\r\n\r\nabcd", 400),
                row("empty length", "9110 8.6", LINE + "Content-Length: \r\n\r\n", 400),
                row("length with a space inside", "9110 8.6", LINE + "Content-Length: 1 0\r\n\r\nabcd", 400),
                row("hexadecimal length", "9110 8.6", LINE + "Content-Length: 0x4\r\n\r\nabcd", 400),
                row(
                        "length beyond 64 bits",
                        "9110 8.6",
                        LINE + "Content-Length: 18446744073709551620\r\n\r\nabcd",
                        400),
                row("unknown coding", "9112 6.1", LINE + "Transfer-Encoding: xchunked\r\n\r\n", 501),
                row("identity coding", "9112 7", LINE + "Transfer-Encoding: identity\r\n\r\n", 501),
                row(
                        "coding before chunked",
                        "9112 6.1",
                        LINE + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                        501),
                row("chunked not last", "9112 6.3", LINE + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", 400),
                row("chunked twice", "9112 7.1", LINE + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400),
                row(
                        "chunked in two fields",
                        "9112 7.1",
                        LINE + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        400),
                row(
                        "chunked and another field",
                        "9112 6.3",
                        LINE + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
                        501),
                row(
                        "vertical tab before chunked",
                        "9112 6.1",
                        LINE + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n",
                        400),
                row("quoted chunked", "9112 7", LINE + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", 400),
                row("empty coding", "9112 6.1", LINE + "Transfer-Encoding:\r\n\r\n", 400),
                row(
                        "chunked in HTTP/1.0",
                        "9112 6.1",
                        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        400),
                row(
                        "CONNECT with content",
                        "9110 9.3.6",
                        "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\nContent-Length: 4\r\n\r\nabcd",
                        400),
                // Line ends and field lines.
                row("LF alone after the request line", "9112 2.2", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400),
                row("LF alone after a field", "9112 2.2", "GET / HTTP/1.1\r\nHost: a\n\r\n", 400),
                row("LF alone at the end", "9112 2.2", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400),
                row("CR alone in a value", "9112 2.2", "GET / HTTP/1.1\r\nHost: a\r\nX: a\rY: b\r\n\r\n", 400),
                row("CR alone in the request line", "9112 2.2", "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                row("folded field", "9112 5.2", "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", 400),
                row("folded with tab", "9112 5.2", "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n\tb\r\n\r\n", 400),
                row("space before the first field", "9112 2.2", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400),
                row("space before the colon", "9112 5.1", LINE + "Content-Length : 4\r\n\r\nabcd", 400),
                row("tab before the colon", "9112 5.1", LINE + "Content-Length\t: 4\r\n\r\nabcd", 400),
                row("space in a name", "9110 5.1", "GET / HTTP/1.1\r\nHost: a\r\nX Y: b\r\n\r\n", 400),
                row("empty name", "9112 5.1", "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400),
                row("no colon", "9112 5", "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n", 400),
                row("separator in a name", "9110 5.1", "GET / HTTP/1.1\r\nHost: a\r\nX[1]: b\r\n\r\n", 400),
                row("non-ASCII name", "9110 5.1", "GET / HTTP/1.1\r\nHost: a\r\nXé: b\r\n\r\n", 400),
                row("NUL in a value", "9110 5.5", "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 400),
                row(
                        "control character in a value",
                        "9110 5.5",
                        "GET / HTTP/1.1\r\nHost: a\r\nX: a\u0007b\r\n\r\n",
                        400),
                row("DEL in a value", "9110 5.5", "GET / HTTP/1.1\r\nHost: a\r\nX: a\u007fb\r\n\r\n", 400),
                row("NUL in a name", "9110 5.1", "GET / HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n", 400),
                // Host.
                row("no Host", "9112 3.2", "GET / HTTP/1.1\r\nX: a\r\n\r\n", 400),
                row("no Host in HTTP/1.0 either", "9110 7.2", "GET / HTTP/1.0\r\n\r\n", 400),
                row("two Hosts", "9112 3.2", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
                row("two equal Hosts", "9112 3.2", "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", 400),
                row("Host with user information", "9110 4.2.4", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400),
                row("Host with a path", "9112 3.2", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
                row("a list of Hosts", "9112 3.2", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
                row("Host with a port that is none", "9110 7.2", "GET / HTTP/1.1\r\nHost: a:80x\r\n\r\n", 400),
                row("Host with a port too large", "9110 7.2", "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n", 400),
                row("empty Host", "9110 4.2.1", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400),
                row("Host with open bracket", "3986 3.2.2", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400),
                // Request line.
                row("fragment in the target", "9112 3.2", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                row("space in the target", "9112 3.2", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                row("two spaces", "9112 3", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                row("tab for a space", "9112 3", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                row("space after the version", "9112 3", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400),
                row("space before the method", "9112 3", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                row("non-ASCII target", "9112 3.2", "GET /é HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                row("broken escape", "3986 2.1", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                row("backslash in the path", "3986 3.3", "GET /a\\b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                row("authority-form outside CONNECT", "9112 3.2.3", "GET a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 400),
                row("asterisk outside OPTIONS", "9112 3.2.4", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                row("relative target", "9112 3.2", "GET a/b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                row("another scheme", "9112 3.2.2", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                row(
                        "user information in the target",
                        "9110 4.2.4",
                        "GET http://u:p@a/ HTTP/1.1\r\nHost: a\r\n\r\n",
                        400),
                row("absolute target without host", "9110 4.2.1", "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                row("CONNECT without port", "9112 3.2.3", "CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                row("CONNECT to a path", "9112 3.2.3", "CONNECT /a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                row("method that is no token", "9110 9.1", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                row("no target", "9112 3", "GET HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                row("method alone", "9112 3", "GET\r\nHost: a\r\n\r\n", 400),
                row("version 0.9", "9110 15.6.6", "GET /\r\n\r\n", 505),
                row("version 2.0", "9110 15.6.6", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
                row("version 1.2", "9110 15.6.6", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505),
                row("version of one digit", "9112 2.3", "GET / HTTP/2\r\nHost: a\r\n\r\n", 400),
                row("version in lower case", "9112 2.3", "GET / http/1.1\r\nHost: a\r\n\r\n", 400),
                row("version too long", "9112 2.3", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400),
                row("HTTP/2 preface", "9113 3.4", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
                row(
                        "TLS handshake",
                        "9112 3",
                        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
                        400),
                row("two empty lines before", "9112 2.2", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                row(
                        "unknown expectation",
                        "9110 10.1.1",
                        LINE + "Expect: 200-ok\r\nContent-Length: 4\r\n\r\nabcd",
                        417),
                // Limits.
                row(
                        "target too long",
                        "9110 15.5.15",
                        "GET /" + "a".repeat(2100) + " HTTP/1.1\r\nHost: a\r\n\r\n",
                        414),
                row(
                        "fields too large",
                        "6585 5",
                        "GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(2100) + "\r\n\r\n",
                        431),
                row("too many fields", "6585 5", "GET / HTTP/1.1\r\nHost: a\r\n" + fields(20) + "\r\n", 431),
                // Content in chunks.
                row("chunk size that is no number", "9112 7.1", CHUNKED + "x\r\n\r\n", 400),
                row("empty chunk size", "9112 7.1", CHUNKED + "\r\nabcd\r\n0\r\n\r\n", 400),
                row("negative chunk size", "9112 7.1", CHUNKED + "-1\r\n\r\n", 400),
                row("chunk size with prefix", "9112 7.1", CHUNKED + "0x4\r\nabcd\r\n0\r\n\r\n", 400),
                row("chunk size beyond 64 bits", "9112 7.1", CHUNKED + "10000000000000004\r\nabcd\r\n0\r\n\r\n", 400),
                row("space before chunk size", "9112 7.1", CHUNKED + " 4\r\nabcd\r\n0\r\n\r\n", 400),
                row("space after chunk size", "9112 7.1", CHUNKED + "4 \r\nabcd\r\n0\r\n\r\n", 400),
                row("LF alone after chunk size", "9112 7.1", CHUNKED + "4\nabcd\r\n0\r\n\r\n", 400),
                row("CR alone after chunk size", "9112 7.1", CHUNKED + "4\rabcd\r\n0\r\n\r\n", 400),
                row("no CRLF after chunk data", "9112 7.1", CHUNKED + "4\r\nabcdef\r\n0\r\n\r\n", 400),
                row("LF alone after chunk data", "9112 7.1", CHUNKED + "4\r\nabcd\n0\r\n\r\n", 400),
                row("empty chunk extension", "9112 7.1.1", CHUNKED + "4;\r\nabcd\r\n0\r\n\r\n", 400),
                row("LF in a chunk extension", "9112 7.1.1", CHUNKED + "4;a\nb\r\nabcd\r\n0\r\n\r\n", 400),
                row(
                        "endless chunk extension",
                        "9112 7.1.1",
                        CHUNKED + "4;" + "a".repeat(5000) + "\r\nabcd\r\n0\r\n\r\n",
                        400),
                row("folded trailer", "9112 7.1.2", CHUNKED + "0\r\nX: a\r\n b\r\n\r\n", 400),
                row("trailer with LF alone", "9112 7.1.2", CHUNKED + "0\r\nX: a\n\r\n", 400),
                row("trailers too large", "9112 7.1.2", CHUNKED + "0\r\nX: " + "a".repeat(2100) + "\r\n\r\n", 400));
    }

    private static Malformed row(String name, String rfc, String bytes, int status) {
        return new Malformed(name, "RFC " + rfc, bytes, status);
    }

    private static String fields(int count) {
        return IntStream.range(0, count).mapToObj(i -> "X" + i + ": a\r\n").collect(joining());
    }

    private MalformedRequests() {}
}
