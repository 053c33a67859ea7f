package dev.perimeter.proxy.sidecar.admin.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A web page that gives an address of loopback a name of its own gets no answer from the admin pages. */
class AdminHostTest {

    private static final SocketAddress LOOPBACK = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

    private static String ask(SocketAddress address, String hostLine) throws IOException {
        try (AdminSocket admin = AdminSocket.bind(address)) {
            admin.serve(request -> AdminReply.text(200, "the secrets\n"));
            try (SocketChannel client = SocketChannel.open(admin.address())) {
                String request = "GET /config_dump HTTP/1.1\r\n" + hostLine + "\r\n";
                client.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1)));
                byte[] answer = Channels.newInputStream(client).readAllBytes();
                return new String(answer, StandardCharsets.ISO_8859_1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:15000",
                "127.0.0.1",
                "127.3.2.1:15000",
                "localhost:15000",
                "LocalHost",
                "localhost.:80",
                "proxy.localhost",
                "[::1]:15000",
                "[::1]",
            })
    void namesAndAddressesOfLoopback_areAnswered(String host) throws IOException {
        assertThat(ask(LOOPBACK, "Host: " + host + "\r\n")).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:15000",
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "notlocalhost",
                "127.0.0.1evil:1",
                "[::1].evil.example",
                "[::1",
                "203.0.113.7",
                "[2001:db8::1]:80",
                "0.0.0.0",
                "",
            })
    void otherNames_areRefused(String host) throws IOException {
        assertThat(ask(LOOPBACK, "Host: " + host + "\r\n"))
                .startsWith("HTTP/1.1 403 Forbidden\r\n")
                .endsWith("the admin pages answer to localhost and to addresses of loopback, not to other names\n");
    }

    @Test
    void nameAmongSeveral_isRefusedWhereverItStands() throws IOException {
        assertThat(ask(LOOPBACK, "Host: evil.example\r\nHost: localhost\r\n")).startsWith("HTTP/1.1 403 ");
        assertThat(ask(LOOPBACK, "Host: localhost\r\nHost: evil.example\r\n")).startsWith("HTTP/1.1 403 ");
    }

    @Test
    void requestWithoutHost_comesFromNoBrowser_andIsAnswered() throws IOException {
        assertThat(ask(LOOPBACK, "")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void unixSocket_answersToAnyName(@TempDir Path folder) throws IOException {
        assertThat(ask(UnixDomainSocketAddress.of(folder.resolve("admin")), "Host: admin\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }
}
