package dev.perimeter.proxy.sidecar.admin.socket;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the head of one request and writes one reply, as little of HTTP/1.1 as curl and Prometheus need. */
final class AdminWire {

    private static final int LONGEST_HEAD = 16 * 1024;

    private static final int LONGEST_BODY = 64 * 1024;

    private static final Map<Integer, String> REASONS = Map.of(
            200, "OK",
            400, "Bad Request",
            403, "Forbidden",
            404, "Not Found",
            405, "Method Not Allowed",
            500, "Internal Server Error",
            503, "Service Unavailable");

    private AdminWire() {}

    static void answer(SocketChannel channel, Function<AdminRequest, AdminReply> pages) throws IOException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        int end = readHead(channel, received);
        if (end < 0) {
            return;
        }
        AdminRequest request =
                parse(received.toString(StandardCharsets.ISO_8859_1).substring(0, end));
        if (request == null) {
            write(channel, AdminReply.text(400, "this is no HTTP/1.1 request\n"), false);
            return;
        }
        skipBody(channel, request, received.size() - end - 4);
        write(channel, pages.apply(request), request.method().equals("HEAD"));
    }

    /** Where the head ends, or -1 when there is none. */
    private static int readHead(SocketChannel channel, ByteArrayOutputStream into) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(2048);
        while (into.size() < LONGEST_HEAD && channel.read(buffer) >= 0) {
            into.write(buffer.array(), 0, buffer.position());
            buffer.clear();
            int end = into.toString(StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n");
            if (end >= 0) {
                return end;
            }
        }
        return -1;
    }

    private static @Nullable AdminRequest parse(String head) {
        String[] lines = head.split("\r\n");
        String[] start = lines[0].split(" ");
        if (start.length != 3 || !start[1].startsWith("/") || !start[2].startsWith("HTTP/1.")) {
            return null;
        }
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.merge(
                        lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip(),
                        (first, more) -> first + ", " + more);
            }
        }
        return new AdminRequest(start[0], start[1], headers);
    }

    /** No page wants one, but a connection that is closed with bytes unread loses the reply. */
    private static void skipBody(SocketChannel channel, AdminRequest request, int read) throws IOException {
        String length = request.header("content-length");
        if (length == null || !length.matches("[0-9]{1,5}")) {
            return;
        }
        long left = Math.min(LONGEST_BODY, Long.parseLong(length)) - read;
        ByteBuffer buffer = ByteBuffer.allocate(2048);
        while (left > 0) {
            buffer.clear();
            int count = channel.read(buffer);
            if (count < 0) {
                return;
            }
            left -= count;
        }
    }

    private static void write(SocketChannel channel, AdminReply reply, boolean headOnly) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 ")
                .append(reply.status())
                .append(' ')
                .append(REASONS.getOrDefault(reply.status(), "Answer"))
                .append("\r\nContent-Type: ")
                .append(reply.contentType())
                .append("\r\nContent-Length: ")
                .append(reply.body().length)
                .append("\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n");
        reply.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        byte[] bytes = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer[] parts = {ByteBuffer.wrap(bytes), ByteBuffer.wrap(headOnly ? new byte[0] : reply.body())};
        while (parts[0].hasRemaining() || parts[1].hasRemaining()) {
            channel.write(parts);
        }
        channel.shutdownOutput();
    }
}
