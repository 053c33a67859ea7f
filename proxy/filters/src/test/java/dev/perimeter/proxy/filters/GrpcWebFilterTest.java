package dev.perimeter.proxy.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.RawUpstream;
import io.envoyproxy.envoy.extensions.filters.http.grpc_web.v3.GrpcWeb;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** gRPC-Web in, gRPC on, and the answer back, on real sockets; the upstream speaks gRPC over chunks with trailers. */
class GrpcWebFilterTest {

    /** One message of three bytes: flag, length, content (gRPC over HTTP2, Length-Prefixed-Message). */
    private static final String MESSAGE = "\0\0\0\0\3abc";

    private static final String TRAILERS = "grpc-status:0\r\ngrpc-message:fine\r\n";
    private static final String TRAILERS_FRAME = "\u0080\0\0\0" + (char) TRAILERS.length() + TRAILERS;

    private final BlockingQueue<String> received = new ArrayBlockingQueue<>(9);
    private final RawUpstream upstream = RawUpstream.running(connection -> {
        String head = connection.readHead();
        if (head.contains("x-fail")) {
            connection.send("HTTP/1.1 503 No\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\n100% busy");
            return;
        }
        received.add(head + (head.contains("chunked") ? connection.readTo("0\r\n\r\n") : ""));
        connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/grpc+proto\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "8\r\n" + MESSAGE + "\r\n0\r\nGrpc-Status: 0\r\ngrpc-message: fine\r\n\r\n");
    });
    private final FilterProxy proxy = FilterProxy.with(
                    upstream.address(), new GrpcWebFilter(), GrpcWeb.getDefaultInstance())
            .start();

    @AfterEach
    void stop() {
        proxy.close();
        upstream.close();
    }

    private static String request(String type, String body) {
        return FilterProxy.HOST + "Content-Type: " + type + "\r\nTransfer-Encoding: chunked\r\n\r\n" + body
                + "0\r\n\r\n";
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    /** The content of a chunked answer. */
    private static String content(String answer) {
        StringBuilder content = new StringBuilder();
        int at = answer.indexOf("\r\n\r\n") + 4;
        while (true) {
            int end = answer.indexOf("\r\n", at);
            int length = Integer.parseInt(answer.substring(at, end), 16);
            if (length == 0) {
                return content.toString();
            }
            content.append(answer, end + 2, end + 2 + length);
            at = end + 2 + length + 2;
        }
    }

    @Test
    void binary_goesOnAsGrpc_andComesBackWithItsTrailersInTheBody() throws Exception {
        try (RawClient client = proxy.raw()) {
            client.send(request("application/grpc-web+proto", chunk(MESSAGE)));
            String answer = client.readTo("\r\n0\r\n\r\n");
            assertThat(answer)
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("content-type: application/grpc-web+proto");
            assertThat(content(answer)).isEqualTo(MESSAGE + TRAILERS_FRAME);
        }
        assertThat(received.poll(10, TimeUnit.SECONDS))
                .containsIgnoringCase("content-type: application/grpc+proto")
                .containsIgnoringCase("te: trailers")
                .contains(MESSAGE);
    }

    @Test
    void text_isDecodedHoweverItIsCut_andTheAnswerEncoded() throws Exception {
        String text = Base64.getEncoder().encodeToString(MESSAGE.getBytes(StandardCharsets.ISO_8859_1));
        try (RawClient client = proxy.raw()) {
            client.send(request(
                    "application/grpc-web-text+proto",
                    chunk(text.substring(0, 3)) + chunk(text.substring(3, 9)) + chunk(text.substring(9) + text)));
            String answer = client.readTo("\r\n0\r\n\r\n");
            assertThat(answer).containsIgnoringCase("content-type: application/grpc-web-text+proto");
            StringBuilder decoded = new StringBuilder();
            String content = content(answer);
            for (int i = 0; i < content.length(); i += 4) {
                decoded.append(new String(
                        Base64.getDecoder().decode(content.substring(i, i + 4)), StandardCharsets.ISO_8859_1));
            }
            assertThat(decoded).hasToString(MESSAGE + TRAILERS_FRAME);
        }
        assertThat(String.join("", received.poll(10, TimeUnit.SECONDS).split("\r\n[0-9a-f]+\r\n")))
                .contains("\0\0\0\0\3abc");
    }

    @Test
    void textThatIsNoBase64_is400_andTheOutcomeOfTheCall() throws Exception {
        for (String body : new String[] {"!!!!", "abc"}) {
            try (RawClient client = proxy.raw()) {
                client.send(request("application/grpc-web-text", chunk(body)));
                assertThat(client.readTo("base64 data."))
                        .startsWith("HTTP/1.1 400")
                        .containsIgnoringCase("grpc-status: 13");
            }
        }
    }

    @Test
    void answerThatIsNotGrpc_isTheOutcomeOfTheCall() throws Exception {
        try (RawClient client = proxy.raw()) {
            client.send(FilterProxy.HOST
                    + "Content-Type: application/grpc-web-text\r\nx-fail: 1\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.readTo("\r\n\r\n"))
                    .startsWith("HTTP/1.1 503")
                    .containsIgnoringCase("content-type: application/grpc-web-text+proto")
                    .containsIgnoringCase("content-length: 0")
                    .containsIgnoringCase("grpc-status: 14")
                    .containsIgnoringCase("grpc-message: 100%25 busy");
        }
    }

    @Test
    void grpcItself_passesUntouched() throws Exception {
        try (RawClient client = proxy.raw()) {
            client.send(request("application/grpc", chunk(MESSAGE)));
            assertThat(client.readTo("grpc-message: fine\r\n\r\n")).containsIgnoringCase("application/grpc+proto");
        }
    }
}
