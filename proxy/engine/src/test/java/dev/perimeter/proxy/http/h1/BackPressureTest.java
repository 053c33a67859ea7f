package dev.perimeter.proxy.http.h1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.testkit.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A slow side slows the other; nothing piles up between. */
class BackPressureTest {

    private Consumer<Recorder.Received> answer = request -> Recorder.reply(request.stream, 200, "ok");
    private final Recorder recorder = new Recorder() {
        @Override
        void answer(Received request) {
            answer.accept(request);
        }
    };
    private HttpServer server;

    @BeforeEach
    void start() {
        server = new HttpServer(recorder);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void pausedRequest_holdsAReadAndNoMore() throws Exception {
        try (RawClient client = server.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 64000000\r\n\r\n");
            await().until(() -> !recorder.received.isEmpty());
            Recorder.Received request = recorder.received.get(0);
            Recorder.onLoop(request, () -> {
                request.stream.pauseReading(true);
                return null;
            });
            Thread sender = Thread.startVirtualThread(() -> {
                try {
                    for (int i = 0; i < 64; i++) {
                        client.send(new byte[1_000_000]);
                    }
                } catch (IOException closed) {
                    throw new UncheckedIOException(closed);
                }
            });
            assertThat(sender.join(Duration.ofMillis(300)))
                    .as("all sent while paused")
                    .isFalse();
            int before = request.body.length();
            assertThat(before).isLessThan(200_000);
            Recorder.onLoop(request, () -> {
                request.stream.pauseReading(false);
                return null;
            });
            client.readTo("ok");
            sender.join();
            assertThat(request.body.length()).isEqualTo(64_000_000);
        }
    }

    @Test
    void slowClient_isReportedAsNotWritableAndThenAsWritable() throws IOException {
        answer = request -> {
            request.stream.sendHead(new ResponseHead(200, "OK", new Headers()), false);
            while (request.stream.isWritable()) {
                request.stream.sendData(Recorder.bytes("x".repeat(8192)), false);
            }
        };
        try (RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            await().until(() -> !recorder.whole().isEmpty());
            Recorder.Received request = recorder.whole().get(0);
            client.readTo("\r\n\r\n");
            await().until(() -> {
                client.read(8192);
                return request.writable > 0;
            });
            Recorder.onLoop(request, () -> {
                request.stream.reset();
                return null;
            });
        }
    }
}
