package dev.perimeter.proxy.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that sends bytes as they are and shows bytes as they come; text is ISO-8859-1, a char a byte. */
public final class RawClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream in;

    public RawClient(InetSocketAddress address) throws IOException {
        socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(address, PATIENCE_MILLIS);
        in = socket.getInputStream();
    }

    public RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Says that no more comes, and stays ready to read. */
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Everything up to the orderly end of the connection; a reset is an {@link IOException}. */
    public String readToEnd() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Everything up to and including {@code end}, and not a byte more. */
    public String readTo(String end) throws IOException {
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

    public String read(int count) throws IOException {
        return new String(in.readNBytes(count), StandardCharsets.ISO_8859_1);
    }

    public Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
