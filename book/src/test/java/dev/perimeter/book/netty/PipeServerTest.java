package dev.perimeter.book.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PipeServerTest {

    private static final int MANY = 16 << 20;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @AfterEach
    void stop() throws InterruptedException {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    @Test
    void pipe_manyBytes_allArriveInOrder() throws Exception {
        byte[] sent = new byte[MANY];
        new Random(15).nextBytes(sent);
        try (ServerSocket target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = connectThroughPipe(target.getLocalPort());
                Socket end = target.accept()) {
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(client, sent));

            assertThat(end.getInputStream().readNBytes(MANY)).isEqualTo(sent);
            writer.join();
        }
    }

    @Test
    void pipe_clientIsDone_targetSeesTheEnd() throws Exception {
        try (ServerSocket target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = connectThroughPipe(target.getLocalPort());
                Socket end = target.accept()) {
            client.getOutputStream().write(7);
            client.shutdownOutput();

            assertThat(end.getInputStream().readAllBytes()).containsExactly(7);
        }
    }

    @Test
    void pipe_nobodyListens_clientIsClosed() throws Exception {
        int freed;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            freed = gone.getLocalPort();
        }

        try (Socket client = connectThroughPipe(freed)) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    private Socket connectThroughPipe(int targetPort) throws Exception {
        Channel pipe = PipeServer.start(group, new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort));
        InetSocketAddress address = (InetSocketAddress) pipe.localAddress();
        return new Socket(address.getAddress(), address.getPort());
    }

    private static void write(Socket to, byte[] bytes) {
        try {
            to.getOutputStream().write(bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
