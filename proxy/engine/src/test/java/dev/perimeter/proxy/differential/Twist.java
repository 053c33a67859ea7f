package dev.perimeter.proxy.differential;

import java.util.List;
import java.util.function.Consumer;

/**
 * One way to make a request unusual or wrong.
 *
 * @param name by which known differences refer to it
 * @param rule the section that says what is right
 */
record Twist(String name, String rule, Consumer<Draft> change) {

    private static final String CLOSE = "Connection: close";

    static final List<Twist> ALL = List.of(
            // Request line
            of("method lower case", "RFC 9110 9.1", d -> d.method = "get"),
            of("method unknown", "RFC 9110 9.1", d -> d.method = "BREW"),
            of("method with a bracket", "RFC 9110 5.6.2", d -> d.method = "G[T"),
            of("method empty", "RFC 9112 3", d -> d.method = ""),
            of("method then tab", "RFC 9112 3", d -> d.method = "GET\t"),
            of("two spaces before target", "RFC 9112 3", d -> d.target = " " + d.target),
            of("space in target", "RFC 9112 3.2", d -> d.target = "/a b"),
            of("control in target", "RFC 9112 3.2", d -> d.target = "/a\u0001b"),
            of("NUL in target", "RFC 9112 3.2", d -> d.target = "/a\u0000b"),
            of("byte above 127 in target", "RFC 3986 2", d -> d.target = "/caf\u00e9"),
            of("fragment in target", "RFC 9112 3.2.1", d -> d.target = "/a#b"),
            of("quotes and angles in target", "RFC 3986 2", d -> d.target = "/a\"<b>"),
            of("brackets in query", "RFC 3986 3.4", d -> d.target = "/a?b[]={c|d}"),
            of("backslash in target", "RFC 3986 2", d -> d.target = "/a\\..\\b"),
            of("broken percent escape", "RFC 3986 2.1", d -> d.target = "/a%zzb"),
            of("escaped slash", "RFC 3986 2.2", d -> d.target = "/a%2fb%2F..%2fc"),
            of("escaped NUL", "RFC 3986 2.1", d -> d.target = "/a%00b"),
            of("escaped line end", "RFC 3986 2.1", d -> d.target = "/a%0d%0ab"),
            of("dot segments", "RFC 3986 6.2.2.3", d -> d.target = "/a/../b/./c"),
            of("double slash", "RFC 3986 3.3", d -> d.target = "//a//b"),
            of("target without slash", "RFC 9112 3.2.1", d -> d.target = "orders"),
            of("absolute target", "RFC 9112 3.2.2", d -> d.target = "http://shop.example" + slash(d)),
            of("absolute target, other host", "RFC 9112 3.2.2", d -> d.target = "http://other.example" + slash(d)),
            of("absolute target with user", "RFC 9110 4.2.4", d -> d.target = "http://me@shop.example/"),
            of("absolute target, other scheme", "RFC 9112 3.2.2", d -> d.target = "ftp://shop.example/"),
            of("asterisk", "RFC 9112 3.2.4", d -> {
                d.bodyless();
                d.method = "OPTIONS";
                d.target = "*";
            }),
            of("asterisk for GET", "RFC 9112 3.2.4", d -> d.target = "*"),
            of("no version", "RFC 9112 3", d -> d.version = ""),
            of("version 1.0", "RFC 9110 6.2", d -> d.version = "HTTP/1.0"),
            of("version 1.2", "RFC 9110 6.2", d -> d.version = "HTTP/1.2"),
            of("version 2.0", "RFC 9110 6.2", d -> d.version = "HTTP/2.0"),
            of("version lower case", "RFC 9112 2.3", d -> d.version = "http/1.1"),
            of("version with two digits", "RFC 9112 2.3", d -> d.version = "HTTP/1.10"),
            of("space behind version", "RFC 9112 3", d -> d.version = "HTTP/1.1 "),
            of("empty line before", "RFC 9112 2.2", d -> d.method = "\r\n" + d.method),
            // Fields
            of("no Host", "RFC 9112 3.2", d -> d.remove("Host")),
            of("two Hosts", "RFC 9112 3.2", d -> d.field("Host: other.example")),
            of("two equal Hosts", "RFC 9112 3.2", d -> d.field("Host: shop.example")),
            of("Host empty", "RFC 9112 3.2", d -> host(d, "")),
            of("Host with a path", "RFC 9110 7.2", d -> host(d, "shop.example/a")),
            of("Host with a user", "RFC 9110 7.2", d -> host(d, "me@shop.example")),
            of("Host with a space", "RFC 9110 7.2", d -> host(d, "shop example")),
            of("Host with a list", "RFC 9110 7.2", d -> host(d, "shop.example, other.example")),
            of("Host with a port", "RFC 9110 7.2", d -> host(d, "shop.example:8080")),
            of("Host with a wrong port", "RFC 9110 7.2", d -> host(d, "shop.example:99999")),
            of("folded line", "RFC 9112 5.2", d -> d.field("X-Folded: a\r\n b")),
            of("first line is folded", "RFC 9112 2.2", d -> d.fields.addFirst(" X-Early: 1")),
            of("space before colon", "RFC 9112 5.1", d -> d.field("X-Spaced : 1")),
            of("name with a space", "RFC 9110 5.1", d -> d.field("X Spaced: 1")),
            of("name with brackets", "RFC 9110 5.1", d -> d.field("X-(odd): 1")),
            of("name with underscore", "RFC 9110 5.1", d -> d.field("x_under: 1")),
            of("name above 127", "RFC 9110 5.1", d -> d.field("X-Caf\u00e9: 1")),
            of("name empty", "RFC 9110 5.1", d -> d.field(": 1")),
            of("no colon", "RFC 9112 5", d -> d.field("X-Nothing")),
            of("NUL in value", "RFC 9110 5.5", d -> d.field("X-Value: a\u0000b")),
            of("control in value", "RFC 9110 5.5", d -> d.field("X-Value: a\u0001b")),
            of("bare CR in value", "RFC 9112 2.2", d -> d.field("X-Value: a\rb")),
            of("bare LF ends a field", "RFC 9112 2.2", d -> d.field("X-Value: a\nX-Hidden: b")),
            of("byte above 127 in value", "RFC 9110 5.5", d -> d.field("X-Value: caf\u00e9")),
            of("tab in value", "RFC 9110 5.5", d -> d.field("X-Value:\ta\tb\t")),
            of("value empty", "RFC 9110 5.5", d -> d.field("X-Value:")),
            of("same name twice", "RFC 9110 5.3", d -> {
                d.field("X-Twice: 1");
                d.field("X-Twice: 2");
            }),
            of("Accept twice", "RFC 9110 5.3", d -> {
                d.field("Accept: text/html");
                d.field("Accept: text/plain");
            }),
            of("Authorization twice", "RFC 9110 5.3", d -> {
                d.field("Authorization: Basic YTpi");
                d.field("Authorization: Basic YzpkCg");
            }),
            of("bare LF everywhere", "RFC 9112 2.2", d -> d.lineEnd = "\n"),
            of("Connection names a field", "RFC 9110 7.6.1", d -> {
                d.remove("Connection");
                d.field("Connection: close, X-Hop");
                d.field("X-Hop: 1");
            }),
            of("Connection names Host", "RFC 9110 7.6.1", d -> {
                d.remove("Connection");
                d.field("Connection: close, Host");
            }),
            of("Connection names Content-Length", "RFC 9110 7.6.1", d -> {
                d.content("hello");
                d.remove("Connection");
                d.field("Connection: close, Content-Length");
            }),
            of("Keep-Alive and TE", "RFC 9110 7.6.1", d -> {
                d.field("Keep-Alive: timeout=5");
                d.field("Proxy-Connection: keep-alive");
                d.field("TE: gzip");
            }),
            of("upgrade offer", "RFC 9110 7.8", d -> {
                d.remove("Connection");
                d.field("Connection: Upgrade, HTTP2-Settings, close");
                d.field("Upgrade: h2c");
                d.field("HTTP2-Settings: AAMAAABkAAQAAP__");
            }),
            of("Expect go-ahead", "RFC 9110 10.1.1", d -> {
                d.content("hello");
                d.field("Expect: 100-continue");
            }),
            of("Expect something else", "RFC 9110 10.1.1", d -> d.field("Expect: coffee")),
            // Framing
            of("content by length", "RFC 9112 6.2", d -> d.content("hello")),
            of("length zero", "RFC 9112 6.2", d -> {
                d.bodyless();
                d.method = "POST";
                d.field("Content-Length: 0");
            }),
            of("GET with content", "RFC 9110 9.3.1", d -> {
                d.content("hello");
                d.method = "GET";
            }),
            length("length with plus", "+5"),
            length("length negative", "-5"),
            length("length with zeros", "005"),
            length("length hexadecimal", "0x5"),
            length("length empty", ""),
            length("length with a fraction", "5.0"),
            length("length list of equals", "5, 5"),
            length("length list of unequals", "5, 6"),
            length("length huge", "99999999999999999999"),
            of("two equal lengths", "RFC 9112 6.3", d -> {
                d.content("hello");
                d.field("Content-Length: 5");
            }),
            of("two unequal lengths", "RFC 9112 6.3", d -> {
                d.content("hello");
                d.field("Content-Length: 3");
            }),
            of("length in underscores", "RFC 9110 5.1", d -> {
                d.content("hello");
                d.field("Content_Length: 3");
            }),
            of("content in chunks", "RFC 9112 7.1", d -> d.chunked("5\r\nhello\r\n3\r\nbye\r\n0\r\n\r\n")),
            of("chunks and length", "RFC 9112 6.1", d -> {
                d.chunked("5\r\nhello\r\n0\r\n\r\n");
                d.field("Content-Length: 3");
            }),
            of("length and chunks", "RFC 9112 6.1", d -> {
                d.chunked("0\r\n\r\n");
                d.fields.addFirst("Content-Length: 20");
            }),
            of("chunks in 1.0", "RFC 9112 6.1", d -> {
                d.chunked("5\r\nhello\r\n0\r\n\r\n");
                d.version = "HTTP/1.0";
            }),
            coding("coding upper case", "CHUNKED"),
            coding("coding unknown", "xchunked"),
            coding("coding identity", "identity"),
            coding("coding twice", "chunked, chunked"),
            coding("coding chunked not last", "chunked, gzip"),
            coding("coding gzip then chunked", "gzip, chunked"),
            coding("coding with parameter", "chunked;q=1"),
            coding("coding with vertical tab", "\u000bchunked"),
            coding("coding in quotes", "\"chunked\""),
            coding("coding empty", ""),
            of("two codings in two fields", "RFC 9112 6.1", d -> {
                d.chunked("5\r\nhello\r\n0\r\n\r\n");
                d.field("Transfer-Encoding: identity");
            }),
            of("coding before a space and colon", "RFC 9112 5.1", d -> {
                d.content("hello");
                d.field("Transfer-Encoding : chunked");
            }),
            of("coding folded", "RFC 9112 5.2", d -> {
                d.content("hello");
                d.field("Transfer-Encoding:\r\n chunked");
            }),
            chunks("chunk extension", "5;a=b;c=\"d\"\r\nhello\r\n0\r\n\r\n"),
            chunks("chunk extension with LF", "5;a\nb\r\nhello\r\n0\r\n\r\n"),
            chunks("chunk size with zeros", "0005\r\nhello\r\n000\r\n\r\n"),
            chunks("chunk size upper case", "A\r\n0123456789\r\n0\r\n\r\n"),
            chunks("chunk size with prefix", "0x5\r\nhello\r\n0\r\n\r\n"),
            chunks("chunk size negative", "-5\r\nhello\r\n0\r\n\r\n"),
            chunks("chunk size with plus", "+5\r\nhello\r\n0\r\n\r\n"),
            chunks("chunk size with space", "5 \r\nhello\r\n0\r\n\r\n"),
            chunks("chunk size empty", "\r\nhello\r\n0\r\n\r\n"),
            chunks("chunk size huge", "fffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
            chunks("chunk size wraps around", "100000005\r\nhello\r\n0\r\n\r\n"),
            chunks("chunk line ends in LF", "5\nhello\r\n0\r\n\r\n"),
            chunks("chunk line ends in CR", "5\rhello\r\n0\r\n\r\n"),
            chunks("chunk data too long", "5\r\nhello!!\r\n0\r\n\r\n"),
            chunks("chunk data without line end", "5\r\nhello0\r\n\r\n"),
            chunks("chunk data ends in LF", "5\r\nhello\n0\r\n\r\n"),
            chunks("trailers", "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"),
            chunks("trailer that frames", "5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n"),
            chunks("trailer folded", "5\r\nhello\r\n0\r\nX-Sum: 1\r\n 2\r\n\r\n"),
            chunks("trailer without colon", "5\r\nhello\r\n0\r\nX-Sum\r\n\r\n"),
            of("second request behind", "RFC 9112 9.3.2", d -> {
                d.remove("Connection");
                d.behind = "GET /second HTTP/1.1\r\nHost: shop.example\r\n" + CLOSE + "\r\n\r\n";
            }),
            of("garbage behind", "RFC 9112 2.2", d -> {
                d.remove("Connection");
                d.behind = "XYZ\r\n\r\n";
            }));

    private static Twist of(String name, String rule, Consumer<Draft> change) {
        return new Twist(name, rule, change);
    }

    private static Twist length(String name, String value) {
        return of(name, "RFC 9110 8.6", d -> {
            d.content("hello");
            d.remove("Content-Length");
            d.field("Content-Length: " + value);
        });
    }

    private static Twist coding(String name, String value) {
        return of(name, "RFC 9112 6.1", d -> {
            d.chunked("5\r\nhello\r\n0\r\n\r\n");
            d.remove("Transfer-Encoding");
            d.field("Transfer-Encoding: " + value);
        });
    }

    private static Twist chunks(String name, String body) {
        return of(name, "RFC 9112 7.1", d -> d.chunked(body));
    }

    private static void host(Draft draft, String value) {
        draft.remove("Host");
        draft.field("Host: " + value);
    }

    private static String slash(Draft draft) {
        return draft.target.startsWith("/") ? draft.target : "/";
    }
}
