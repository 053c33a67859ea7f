package dev.perimeter.proxy.story.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.Pace;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.RawUpstream;
import dev.perimeter.proxy.testkit.WebSocketEcho;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A WebSocket of the JDK to an echo and back. */
class WebSocketTest {

    private static final long MEBIBYTE = 1 << 20;
    private static final long TOTAL = 64 * MEBIBYTE;
    private static final int MESSAGE = 1 << 18;

    /** Slower than the echo. */
    private static final long READER = 40 * MEBIBYTE;

    /** Both directions of two sockets: watermark and one read each. */
    private static final long MOST_BUFFERED = MEBIBYTE;

    private static final long MOST_HEAP = 16 * MEBIBYTE;

    private static RunningProxy proxyTo(RawUpstream upstream) {
        return new RunningProxy(new Config()
                .cluster("a", upstream.address())
                .upgrades("websocket")
                .route("/", "a")
                .http());
    }

    private static WebSocket open(RunningProxy proxy, WebSocket.Listener listener) throws Exception {
        return proxy.client()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + proxy.address().getPort() + "/chat"), listener)
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void webSocket_ofTheJdk_isCarried() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        CountDownLatch closed = new CountDownLatch(1);
        WebSocket.Listener listener = new WebSocket.Listener() {
            private final StringBuilder message = new StringBuilder();

            /** A message that comes in two reads is told in two parts. */
            @Override
            public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
                message.append(part);
                if (last) {
                    heard.add(message.toString());
                    message.setLength(0);
                }
                socket.request(1);
                return null;
            }

            @Override
            public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
                closed.countDown();
                return null;
            }
        };
        try (RawUpstream upstream = RawUpstream.running(WebSocketEcho::serve);
                RunningProxy proxy = proxyTo(upstream)) {
            WebSocket socket = open(proxy, listener);
            for (int i = 0; i < 20; i++) {
                socket.sendText("word " + i, true).get(10, TimeUnit.SECONDS);
                assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("word " + i);
            }
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);

            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(proxy.logLines(1).getFirst())
                    .contains("\"status\":101", "\"path\":\"/chat\"", "\"details\":\"via_upstream\"");
        }
    }

    /** Asks for the next frame when its pace lets it. */
    private static final class SlowReader implements WebSocket.Listener {

        private final Pace pace = Pace.steady(READER);
        private final CountDownLatch all = new CountDownLatch(1);

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            pace.took(data.remaining());
            if (pace.taken() == TOTAL) {
                all.countDown();
            }
            socket.request(1);
            return null;
        }
    }

    @Test
    void manyMessages_pastASlowReader_areHeldInAFewBuffers() throws Exception {
        SlowReader reader = new SlowReader();
        try (RawUpstream upstream = RawUpstream.running(WebSocketEcho::serve);
                RunningProxy proxy = proxyTo(upstream);
                HeldMemory held = HeldMemory.watching(proxy)) {
            WebSocket socket = open(proxy, reader);
            ByteBuffer message = ByteBuffer.allocate(MESSAGE);
            for (long sent = 0; sent < TOTAL; sent += MESSAGE) {
                socket.sendBinary(message.clear(), true).get(20, TimeUnit.SECONDS);
            }

            assertThat(reader.all.await(20, TimeUnit.SECONDS)).isTrue();
            held.stayedBelow(MOST_BUFFERED, MOST_HEAP);
            socket.abort();
        }
    }
}
