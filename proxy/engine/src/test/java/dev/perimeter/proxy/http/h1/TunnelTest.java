package dev.perimeter.proxy.http.h1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.testkit.RawClient;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** After CONNECT the connection is bytes, and none of them is lost. */
class TunnelTest {

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
    void tunnel_getsBytesThatCameEarlyAndTheRawConnection() throws IOException {
        answer = request -> request.stream.tunnel(new ResponseHead(200, "OK", new Headers()), new Echo());
        try (RawClient client = server.connect()) {
            client.send("CONNECT payment:9090 HTTP/1.1\r\nHost: payment:9090\r\n\r\nearly");
            assertThat(client.readTo("early")).isEqualTo("HTTP/1.1 200 OK\r\n\r\nearly");
            client.send("\nlater\0");
            client.readTo("\nlater\0");
        }
        assertThat(recorder.whole().get(0).head.authority()).isEqualTo("payment:9090");
    }

    @Test
    void tunnel_openedLater_getsBytesThatWereHeld() throws IOException {
        answer = request -> {};
        try (RawClient client = server.connect()) {
            client.send("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\nheld");
            await().until(() -> recorder.whole().size() == 1);
            Recorder.Received request = recorder.whole().get(0);
            Recorder.onLoop(request, () -> {
                request.stream.tunnel(new ResponseHead(200, "OK", new Headers()), new Echo());
                return null;
            });
            client.readTo("\r\n\r\nheld");
        }
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.channel().config().setAutoRead(true);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.writeAndFlush(message);
        }
    }
}
