package dev.perimeter.labs.harness.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProbeTest {
    private static final String HOST = "127.0.0.1";

    @Test
    void ok_isReady() throws Exception {
        assertThat(answered("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nLIVE\n")
                        .isEmpty())
                .isTrue();
    }

    @Test
    void unavailable_saysWhyInItsBody() throws Exception {
        assertThat(answered("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 18\r\n\r\nwaiting for config\n"))
                .contains("waiting for config");
    }

    @Test
    void unavailableInChunks_saysWhy() throws Exception {
        assertThat(answered("HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nwait\r\n0\r\n\r\n"))
                .contains("wait");
    }

    @Test
    void silence_isToldApartFromRefusal() throws Exception {
        assertThat(answered("")).hasValueSatisfying(reason -> assertThat(reason).contains("closed without an answer"));
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            free = socket.getLocalPort();
        }
        assertThat(Probe.tcp(HOST, free).ask()).contains("nothing listens at " + HOST + ":" + free);
    }

    @Test
    void text_isReadBack() {
        for (Probe probe : new Probe[] {Probe.tcp(HOST, 1), Probe.http(HOST, 8080, "/ready")}) {
            assertThat(Probe.parse(probe.toString())).isEqualTo(probe);
        }
    }

    private static java.util.Optional<String> answered(String answer) throws IOException, InterruptedException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            Thread serving = Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    while (socket.getInputStream().read() != '\n') {
                        // The request's first line is enough.
                    }
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            try {
                return Probe.http(HOST, server.getLocalPort(), "/ready").ask();
            } finally {
                serving.join();
            }
        }
    }
}
