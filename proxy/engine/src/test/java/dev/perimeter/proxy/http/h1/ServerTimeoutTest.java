package dev.perimeter.proxy.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.http.StreamReset;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpTimeouts;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a clock that only the test moves. */
class ServerTimeoutTest {

    private static final HttpTimeouts TIMEOUTS = new HttpTimeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(100),
            Duration.ofSeconds(5));

    private final Recorder recorder = new Recorder();
    private EmbeddedChannel channel;

    @BeforeEach
    void connect() {
        channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline().addLast(new Http1ServerConnection(HttpServer.LIMITS, TIMEOUTS, true, true, recorder));
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void headThatDripsIn_isAnswered408AfterTheTimeout() {
        for (int i = 0; i < 9; i++) {
            InMemory.write(channel, "G");
            seconds(1);
        }
        assertThat(InMemory.output(channel)).isEmpty();
        seconds(1);
        assertThat(InMemory.output(channel)).startsWith("HTTP/1.1 408 ").contains("http1.request_header_timeout");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void idleConnection_isClosedWithoutAWord() {
        InMemory.write(channel, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(InMemory.output(channel)).startsWith("HTTP/1.1 200 ");
        seconds(99);
        assertThat(channel.isOpen()).isTrue();
        seconds(1);
        assertThat(channel.isOpen()).isFalse();
        assertThat(InMemory.output(channel)).isEmpty();
    }

    @Test
    void secondRequest_startsItsOwnTime() {
        InMemory.write(channel, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        seconds(95);
        InMemory.write(channel, "GET / HTTP/1.1\r\n");
        seconds(9);
        InMemory.write(channel, "Host: a\r\n\r\n");
        assertThat(recorder.whole()).hasSize(2);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void bodyThatDripsIn_endsAtTheRequestTimeout() {
        InMemory.write(channel, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n");
        for (int i = 0; i < 5; i++) {
            seconds(11);
            InMemory.write(channel, "x");
        }
        assertThat(recorder.received.get(0).reset).isNull();
        seconds(5);
        assertThat(recorder.received.get(0).reset.cause()).isEqualTo(StreamReset.Cause.TIMEOUT);
        assertThat(InMemory.output(channel)).startsWith("HTTP/1.1 408 ");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void bodyThatStops_endsAtTheIdleTimeout() {
        InMemory.write(channel, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc");
        seconds(29);
        assertThat(recorder.received.get(0).reset).isNull();
        seconds(1);
        assertThat(recorder.received.get(0).reset.connectionGone()).isFalse();
        assertThat(InMemory.output(channel)).startsWith("HTTP/1.1 408 ").contains("Connection: close");
    }

    private void seconds(int count) {
        channel.advanceTimeBy(count, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }
}
