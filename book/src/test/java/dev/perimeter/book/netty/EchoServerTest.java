package dev.perimeter.book.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EchoServerTest {

    @Test
    void echo_bytesOfAClient_comeBack() throws Exception {
        // tag::group[]
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            Channel server = EchoServer.start(group);
            // end::group[]
            InetSocketAddress address = (InetSocketAddress) server.localAddress();
            try (Socket client = new Socket(address.getAddress(), address.getPort())) {
                client.getOutputStream().write("over and out".getBytes(StandardCharsets.UTF_8));
                client.shutdownOutput();

                assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("over and out");
            }
            // tag::group[]
        } finally {
            group.shutdownGracefully().sync();
        }
        // end::group[]
    }
}
