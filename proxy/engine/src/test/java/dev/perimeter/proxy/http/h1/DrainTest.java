package dev.perimeter.proxy.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpTimeouts;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection that is told to drain finishes what it has begun, says so while it can, and closes. */
class DrainTest {

    private final Recorder recorder = new Recorder() {
        @Override
        void answer(Received request) {}
    };
    private final Http1ServerConnection connection =
            new Http1ServerConnection(HttpServer.LIMITS, HttpTimeouts.DEFAULTS, true, true, recorder);
    private final EmbeddedChannel channel = new EmbeddedChannel(connection);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void idleConnection_closesAtOnce() {
        connection.drain();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void exchangeUnderWay_isFinishedWithAClose() {
        InMemory.write(channel, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        connection.drain();
        assertThat(channel.isOpen()).isTrue();
        Recorder.reply(recorder.whole().get(0).stream, 200, "ok");
        assertThat(InMemory.output(channel)).contains("Connection: close\r\n").endsWith("ok");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void drainBetweenHeadAndBody_closesAfterTheBody() {
        InMemory.write(channel, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Recorder.Received request = recorder.whole().get(0);
        request.stream.sendHead(new ResponseHead(200, "OK", new Headers()), false);
        connection.drain();
        request.stream.sendData(Recorder.bytes("ok"), true);
        assertThat(InMemory.output(channel)).endsWith("2\r\nok\r\n0\r\n\r\n");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void headHalfRead_isStillAnswered() {
        InMemory.write(channel, "GET / HTTP/1.1\r\nHo");
        connection.drain();
        InMemory.write(channel, "st: a\r\n\r\n");
        Recorder.reply(recorder.whole().get(0).stream, 200, "ok");
        assertThat(InMemory.output(channel)).contains("Connection: close\r\n").endsWith("ok");
        assertThat(channel.isOpen()).isFalse();
    }
}
