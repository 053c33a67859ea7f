package dev.perimeter.proxy.http.hpack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What HTTP/2 header blocks mean, and which mean nothing. */
class ReceivedFieldsTest {

    private final ReceivedFields fields = new ReceivedFields(100);
    private final FieldDecoder decoder = new FieldDecoder(fields, 8192);

    /** A header block as "name: value" lines; a name may begin with a colon. */
    record Block(String name, FieldViolation expected, List<String> lines) {
        @Override
        public String toString() {
            return name + " -> " + expected;
        }
    }

    private static final List<String> GOOD =
            List.of(":method: GET", ":scheme: http", ":authority: shop", ":path: /a?b");

    @ParameterizedTest
    @MethodSource
    void malformedRequest_isRefusedByItsName(Block block) throws Exception {
        decode(block.lines());

        assertThat(fields.request(true)).isNull();
        assertThat(fields.violation()).isEqualTo(block.expected());
        assertThat(fields.violation().sentence()).contains("RFC");
    }

    static List<Block> malformedRequest_isRefusedByItsName() {
        return List.of(
                with("8.2.1 upper case", FieldViolation.NAME, "Accept: x"),
                with("8.2.1 space in name", FieldViolation.NAME, "a b: x"),
                with("8.2.1 empty name", FieldViolation.NAME, ": x"),
                with("8.2.1 line feed", FieldViolation.VALUE, "a: x\ny"),
                with("8.2.1 carriage return", FieldViolation.VALUE, "a: x\ry"),
                with("8.2.1 NUL", FieldViolation.VALUE, "a: x\0y"),
                with("8.2.1 leading space", FieldViolation.VALUE, "a:  x"),
                with("8.2.1 trailing tab", FieldViolation.VALUE, "a: x\t"),
                with("8.2.2 connection", FieldViolation.CONNECTION_FIELD, "connection: close"),
                with("8.2.2 keep-alive", FieldViolation.CONNECTION_FIELD, "keep-alive: 1"),
                with("8.2.2 proxy-connection", FieldViolation.CONNECTION_FIELD, "proxy-connection: close"),
                with("8.2.2 transfer-encoding", FieldViolation.CONNECTION_FIELD, "transfer-encoding: chunked"),
                with("8.2.2 upgrade", FieldViolation.CONNECTION_FIELD, "upgrade: h2c"),
                with("8.2.2 te", FieldViolation.TE, "te: gzip"),
                with("8.3 late", FieldViolation.PSEUDO_REPEATED, ":path: /b"),
                new Block(
                        "8.3 behind a field",
                        FieldViolation.PSEUDO_LATE,
                        List.of(":method: GET", ":scheme: http", ":authority: shop", "a: b", ":path: /")),
                with("8.3 unknown", FieldViolation.PSEUDO_UNKNOWN, ":version: 2"),
                with("8.3 of responses", FieldViolation.PSEUDO_MISPLACED, ":status: 200"),
                block("8.3.1 no method", FieldViolation.PSEUDO_MISSING, ":scheme: http", ":authority: a", ":path: /"),
                block("8.3.1 no scheme", FieldViolation.PSEUDO_MISSING, ":method: GET", ":authority: a", ":path: /"),
                block("8.3.1 no path", FieldViolation.PSEUDO_MISSING, ":method: GET", ":scheme: http", ":authority: a"),
                request("8.3.1 empty path", FieldViolation.PATH, "GET", "http", "a", ""),
                request("8.3.1 absolute path", FieldViolation.PATH, "GET", "http", "a", "http://b/"),
                request("8.3.1 asterisk", FieldViolation.PATH, "GET", "http", "a", "*"),
                request("8.3.1 space in path", FieldViolation.PATH, "GET", "http", "a", "/a HTTP/1.1"),
                request("8.3.1 fragment", FieldViolation.PATH, "GET", "http", "a", "/a#b"),
                request("8.3.1 scheme", FieldViolation.SCHEME, "GET", "ftp", "a", "/"),
                request("9.1 method", FieldViolation.METHOD, "G T", "http", "a", "/"),
                request("8.3.1 empty authority", FieldViolation.AUTHORITY, "GET", "http", "", "/"),
                request("8.3.1 userinfo", FieldViolation.AUTHORITY, "GET", "http", "u@a", "/"),
                block("8.3.1 no authority", FieldViolation.AUTHORITY, ":method: GET", ":scheme: http", ":path: /"),
                with("8.3.1 host differs", FieldViolation.HOST_DIFFERS, "host: other"),
                with("7.2 host twice", FieldViolation.HOST_REPEATED, "host: shop", "host: shop"),
                block(
                        "8.5 connect with path",
                        FieldViolation.CONNECT_TARGET,
                        ":method: CONNECT",
                        ":scheme: http",
                        ":authority: a:1",
                        ":path: /"),
                block("8.5 connect without port", FieldViolation.AUTHORITY, ":method: CONNECT", ":authority: a"),
                block(
                        "9.3.6 connect with content",
                        FieldViolation.CONNECT_CONTENT,
                        ":method: CONNECT",
                        ":authority: a:1",
                        "content-length: 3"),
                with("8441 protocol without connect", FieldViolation.PSEUDO_REPEATED, ":method: GET"),
                block(
                        "8441 protocol on GET",
                        FieldViolation.PROTOCOL,
                        ":method: GET",
                        ":protocol: websocket",
                        ":scheme: http",
                        ":authority: a",
                        ":path: /"),
                with("8.6 length twice", FieldViolation.LENGTH_INVALID, "content-length: 1", "content-length: 1"),
                with("8.6 length list", FieldViolation.LENGTH_INVALID, "content-length: 1,1"),
                with("8.6 negative length", FieldViolation.LENGTH_INVALID, "content-length: -1"),
                with("10.1.1 expectation", FieldViolation.EXPECTATION, "expect: 200-ok"),
                new Block(
                        "6585 too many",
                        FieldViolation.TOO_MANY,
                        IntStream.range(0, 105)
                                .mapToObj(i -> i < 4 ? GOOD.get(i) : "a: b")
                                .toList()));
    }

    @Test
    void request_becomesAHead_andLeavesInRunsOfBytes() throws Exception {
        decode(with("", FieldViolation.TE, "accept: */*", "host: shop", "te: trailers", "content-length: 12")
                .lines());

        RequestHead head = fields.request(false);

        assertThat(head.method()).isEqualTo("GET");
        assertThat(head.path()).isEqualTo("/a?b");
        assertThat(head.authority()).isEqualTo("shop");
        assertThat(head.protocol()).isEqualTo("HTTP/2");
        assertThat(fields.contentLength()).isEqualTo(12);
        assertThat(written(head.headers())).isEqualTo("accept: */*\r\nte: trailers\r\ncontent-length: 12\r\n");
    }

    @Test
    void crumbsOfACookie_areJoined() throws Exception {
        decode(with("", FieldViolation.TE, "cookie: a=1", "x: y", "cookie: b=2", "cookie: c=3")
                .lines());

        assertThat(written(fields.request(false).headers())).isEqualTo("x: y\r\ncookie: a=1; b=2; c=3\r\n");
    }

    @Test
    void extendedConnect_isAnUpgrade() throws Exception {
        decode(List.of(
                ":method: CONNECT", ":protocol: websocket", ":scheme: https", ":authority: shop", ":path: /chat"));

        RequestHead head = fields.request(true);

        assertThat(head.method()).isEqualTo("GET");
        assertThat(head.upgrade()).isEqualTo("websocket");
        assertThat(head.path()).isEqualTo("/chat");
        assertThat(fields.request(false)).isNull();
        assertThat(fields.violation()).isEqualTo(FieldViolation.PROTOCOL);
    }

    @Test
    void response_hasAStatus_otherThan101() throws Exception {
        decode(List.of(":status: 204", "server: x"));
        assertThat(fields.response().status()).isEqualTo(204);

        decode(List.of(":status: 101"));
        assertThat(fields.response()).isNull();
        assertThat(fields.violation()).isEqualTo(FieldViolation.STATUS);

        decode(List.of("server: x"));
        assertThat(fields.response()).isNull();
        assertThat(fields.violation()).isEqualTo(FieldViolation.PSEUDO_MISSING);
    }

    @Test
    void trailers_loseWhatComesTooLate_andHoldNoPseudoFields() throws Exception {
        decode(List.of("grpc-status: 0", "content-type: x", "authorization: y"));
        assertThat(written(fields.trailers())).isEqualTo("grpc-status: 0\r\n");

        decode(List.of(":path: /x"));
        assertThat(fields.trailers()).isNull();
        assertThat(fields.violation()).isEqualTo(FieldViolation.PSEUDO_MISPLACED);
    }

    @Test
    void whatIsSent_isWhatArrives_inLowerCaseAndWithoutFieldsOfTheHop() throws Exception {
        Headers headers = new Headers();
        headers.add("Content-Type", "application/json");
        headers.add("X-Long", "v".repeat(300));
        headers.add("Connection", "close");
        headers.add("Transfer-Encoding", "chunked");
        headers.add("TE", "gzip");
        headers.add("Authorization", "secret");
        RequestHead sent = new RequestHead("PATCH", "https", "shop:8080", "/x?y=z", "HTTP/1.1", headers);

        ByteBuf block = Unpooled.buffer();
        new FieldEncoder().encodeHeaders(1, SentFields.of(sent), block);
        decoder.decodeHeaders(1, block);

        RequestHead received = fields.request(false);
        assertThat(received.method()).isEqualTo("PATCH");
        assertThat(received.scheme()).isEqualTo("https");
        assertThat(received.authority()).isEqualTo("shop:8080");
        assertThat(received.path()).isEqualTo("/x?y=z");
        assertThat(written(received.headers()))
                .isEqualTo("content-type: application/json\r\nx-long: " + "v".repeat(300)
                        + "\r\nauthorization: secret\r\n");
    }

    @Test
    void everyStatus_andTrailers_arrive() throws Exception {
        FieldEncoder encoder = new FieldEncoder();
        for (int status : new int[] {100, 103, 200, 204, 206, 304, 400, 404, 418, 500, 503}) {
            ByteBuf block = Unpooled.buffer();
            encoder.encodeHeaders(1, SentFields.of(new ResponseHead(status, "", new Headers())), block);
            decoder.decodeHeaders(1, block);
            assertThat(fields.response().status()).isEqualTo(status);
        }
        Headers trailers = new Headers();
        trailers.add("Grpc-Status", "0");
        ByteBuf block = Unpooled.buffer();
        encoder.encodeHeaders(1, SentFields.trailers(trailers), block);
        decoder.decodeHeaders(1, block);
        assertThat(written(fields.trailers())).isEqualTo("grpc-status: 0\r\n");
    }

    private static Block with(String name, FieldViolation expected, String... more) {
        return new Block(
                name,
                expected,
                java.util.stream.Stream.concat(GOOD.stream(), java.util.Arrays.stream(more))
                        .toList());
    }

    private static Block block(String name, FieldViolation expected, String... lines) {
        return new Block(name, expected, List.of(lines));
    }

    private static Block request(
            String name, FieldViolation expected, String method, String scheme, String authority, String path) {
        return block(
                name,
                expected,
                ":method: " + method,
                ":scheme: " + scheme,
                ":authority: " + authority,
                ":path: " + path);
    }

    private void decode(List<String> lines) throws Exception {
        ByteBuf block = Unpooled.buffer();
        for (String line : lines) {
            int colon = line.indexOf(": ", line.startsWith(": ") ? 0 : 1);
            block.writeByte(0);
            literal(block, line.substring(0, colon));
            literal(block, line.substring(colon + 2));
        }
        decoder.decodeHeaders(1, block);
    }

    private static void literal(ByteBuf block, String text) {
        block.writeByte(text.length());
        block.writeCharSequence(text, StandardCharsets.ISO_8859_1);
    }

    private static String written(Headers headers) {
        ByteBuf out = Unpooled.buffer();
        headers.writeTo(out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
