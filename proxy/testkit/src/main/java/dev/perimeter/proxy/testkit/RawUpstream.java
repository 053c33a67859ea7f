package dev.perimeter.proxy.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server whose every byte the test writes: each accepted connection runs the test's script on a thread of its own. */
public final class RawUpstream implements AutoCloseable {

    /** What to do with a connection; it is closed afterwards. Exceptions end the script and nothing else. */
    @FunctionalInterface
    public interface Script {
        void run(Connection connection) throws Exception;
    }

    /** @param number 1 for the first connection accepted */
    public record Connection(Socket socket, int number) {

        /** Reads up to and including the empty line that ends a head. */
        public String readHead() throws IOException {
            return readTo("\r\n\r\n");
        }

        public String readTo(String end) throws IOException {
            InputStream in = socket.getInputStream();
            StringBuilder read = new StringBuilder();
            // Only the end is looked at: heads and bodies may be long.
            while (read.length() < end.length() || read.indexOf(end, read.length() - end.length()) < 0) {
                int b = in.read();
                if (b < 0) {
                    throw new IOException("the connection ended after: " + read);
                }
                read.append((char) b);
            }
            return read.toString();
        }

        public void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }

        /** Ends the connection by RST instead of FIN. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    /** As many as may come at once; a full queue would look like a slow endpoint. */
    private static final int BACKLOG = 1024;

    private final ServerSocket server;
    private final Script script;
    private final AtomicInteger accepted = new AtomicInteger();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    private RawUpstream(Script script, int receiveBuffer) throws IOException {
        this.script = script;
        server = new ServerSocket();
        if (receiveBuffer > 0) {
            server.setReceiveBufferSize(receiveBuffer);
        }
        server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), BACKLOG);
        Thread.ofVirtual().start(this::accept);
    }

    public static RawUpstream running(Script script) {
        return running(script, 0);
    }

    /** @param receiveBuffer bytes that the kernel keeps for each connection that does not read; zero for what it likes */
    public static RawUpstream running(Script script, int receiveBuffer) {
        try {
            return new RawUpstream(script, receiveBuffer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                Connection connection = new Connection(socket, accepted.incrementAndGet());
                Thread.ofVirtual().start(() -> run(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void run(Connection connection) {
        try {
            script.run(connection);
        } catch (Exception e) {
            // The other side is under test and may end a connection at any point of the script.
        } finally {
            open.remove(connection.socket());
            close(connection.socket());
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Connections accepted so far. */
    public int connections() {
        return accepted.get();
    }

    /** An address on which nobody listens. */
    public static InetSocketAddress deadAddress() {
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return (InetSocketAddress) gone.getLocalSocketAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
