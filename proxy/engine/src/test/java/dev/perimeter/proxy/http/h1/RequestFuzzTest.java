package dev.perimeter.proxy.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.http.ClientConnection;
import dev.perimeter.proxy.http.ClientStream;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.ResponseHandler;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.http.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mutated requests: whatever is handed on must mean the same to the next server, and cuts must not matter. */
class RequestFuzzTest {

    private static final int ROUNDS = 600;
    private static final String ALPHABET = "\r\n \t:;,/?#%*@[]\"\\0aZ1-\0\u007f\u00e9";

    private static final List<String> SEEDS = List.of(
            "GET /a?b=c HTTP/1.1\r\nHost: a:80\r\nX-One: 1\r\nx-two:2 \r\n\r\n",
            "POST http://b/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: X-One\r\nX-One: 1\r\n\r\nabcde",
            "POST / HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n"
                    + "3\r\n"
                    + "abc\r\n"
                    + "2;x=y\r\n"
                    + "de\r\n"
                    + "0\r\n"
                    + "X-Sum: 1\r\n\r\n",
            "OPTIONS * HTTP/1.0\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: b\r\n\r\n");

    private static final List<String> PIECES = List.of(
            "Content-Length: 5\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Transfer-Encoding: identity\r\n",
            "Connection: close, Content-Length\r\n",
            "Host: c\r\n",
            "TE: trailers\r\n",
            "\r\n",
            "0\r\n\r\n",
            " folded\r\n");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
    void mutated_neverChangesMeaningOnTheNextHop(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int handedOn = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String bytes = mutate(SEEDS.get(random.nextInt(SEEDS.size())), random);
            List<String> first = parse(bytes, bytes.length());
            assertThat(parse(bytes, 1 + random.nextInt(bytes.length())))
                    .as("cut: %s", bytes)
                    .isEqualTo(first);
            handedOn += first.size();
        }
        assertThat(handedOn).as("requests that survived").isBetween(ROUNDS / 10, ROUNDS * 2);
    }

    private static String mutate(String seed, SplittableRandom random) {
        StringBuilder bytes = new StringBuilder(seed);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(bytes.length());
            char other = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
            switch (random.nextInt(5)) {
                case 0 -> bytes.setCharAt(at, other);
                case 1 -> bytes.insert(at, other);
                case 2 -> bytes.delete(at, Math.min(bytes.length(), at + 1 + random.nextInt(3)));
                case 3 -> bytes.insert(bytes.indexOf("\r\n", at) + 2, PIECES.get(random.nextInt(PIECES.size())));
                default -> bytes.insert(at, bytes.substring(at, Math.min(bytes.length(), at + random.nextInt(20))));
            }
            if (bytes.isEmpty()) {
                bytes.append('x');
            }
        }
        return bytes.toString();
    }

    /** What was handed on, after a check that it reads the same when sent on. */
    private static List<String> parse(String bytes, int cut) {
        Recorder recorder = new Recorder();
        EmbeddedChannel channel = InMemory.server(recorder);
        InMemory.write(channel, bytes.substring(0, cut));
        if (cut < bytes.length()) {
            InMemory.write(channel, bytes.substring(cut));
        }
        InMemory.output(channel);
        channel.checkException();
        channel.finishAndReleaseAll();
        List<Recorder.Received> whole = recorder.whole();
        List<String> summaries = whole.stream().map(Recorder.Received::summary).toList();
        for (int i = 0; i < whole.size(); i++) {
            if (!whole.get(i).head.method().equals("CONNECT")
                    && !whole.get(i).head.authority().isEmpty()) {
                assertThat(again(whole.get(i))).as(bytes).isEqualTo(summaries.get(i));
            }
        }
        return summaries;
    }

    private static String again(Recorder.Received request) {
        Http1ClientConnection connection = new Http1ClientConnection(HttpServer.LIMITS, new NoOwner());
        EmbeddedChannel out = new EmbeddedChannel(connection);
        boolean trailers = request.trailers.size() > 0;
        boolean empty = request.body.isEmpty() && !trailers;
        ClientStream stream = connection.send(request.head.copy(), empty, new NoHandler());
        if (!empty) {
            stream.sendData(Unpooled.copiedBuffer(request.body, StandardCharsets.ISO_8859_1), !trailers);
        }
        if (trailers) {
            stream.sendTrailers(request.trailers);
        }
        String bytes = InMemory.output(out);
        out.finishAndReleaseAll();
        Recorder next = new Recorder();
        EmbeddedChannel in = InMemory.server(next);
        InMemory.write(in, bytes);
        InMemory.output(in);
        in.finishAndReleaseAll();
        assertThat(next.refusals).as(bytes).isEmpty();
        assertThat(next.received).as(bytes).hasSize(1);
        assertThat(next.whole()).as(bytes).hasSize(1);
        Recorder.Received read = next.whole().get(0);
        if (request.head.headers().get("content-length") == null) {
            read.head.headers().remove("content-length");
        }
        return read.summary();
    }

    private record NoOwner() implements ClientConnection.Owner {

        @Override
        public void available(ClientConnection connection) {}

        @Override
        public void closed(ClientConnection connection) {}
    }

    private record NoHandler() implements ResponseHandler {

        @Override
        public void onInformational(ResponseHead head) {}

        @Override
        public void onHead(ResponseHead head, boolean endOfStream) {}

        @Override
        public void onData(ByteBuf data, boolean endOfStream) {
            data.release();
        }

        @Override
        public void onTrailers(Headers trailers) {}

        @Override
        public void onReset(StreamReset reason) {}

        @Override
        public void onWritable() {}
    }
}
