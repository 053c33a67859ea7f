package dev.perimeter.proxy.differential;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** An upstream that keeps what it receives, and takes one case at a time. */
final class Lane implements AutoCloseable {

    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket server;
    private final List<byte[]> received = new ArrayList<>();
    private final AtomicInteger open = new AtomicInteger();

    Lane() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    }

    /** What came over each connection since the last call, once all are closed. */
    List<byte[]> received() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> open.get() == 0);
        synchronized (received) {
            List<byte[]> all = List.copyOf(received);
            received.clear();
            return all;
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                open.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The lane is over.
        }
    }

    private void serve(Socket socket) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (socket) {
            // Some proxies keep a connection whose request they gave up; this bounds how long that holds the lane.
            socket.setSoTimeout(1_000);
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[65536];
            boolean answered = false;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes.write(buffer, 0, read);
                StrictReader.Reading reading = StrictReader.read(bytes.toByteArray());
                if (!answered
                        && (reading.objection() != null || !reading.messages().isEmpty())) {
                    answered = true;
                    socket.getOutputStream().write(ANSWER);
                    socket.shutdownOutput();
                    // What a proxy still has to say on this connection it says now, or it closes.
                    socket.setSoTimeout(100);
                }
            }
        } catch (SocketTimeoutException quiet) {
            // Kept open without saying more.
        } catch (IOException reset) {
            // The proxy gave up; what came before counts.
        } finally {
            synchronized (received) {
                if (bytes.size() > 0) {
                    received.add(bytes.toByteArray());
                }
            }
            open.decrementAndGet();
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
