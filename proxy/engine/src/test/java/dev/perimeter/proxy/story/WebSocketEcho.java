package dev.perimeter.proxy.story;

import dev.perimeter.proxy.testkit.RawUpstream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A WebSocket server (RFC 6455) that sends each short text frame back. */
final class WebSocketEcho {

    private static final Pattern KEY = Pattern.compile("(?i)sec-websocket-key: *(\\S+)");
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int CLOSE = 8;

    private WebSocketEcho() {}

    static void serve(RawUpstream.Connection connection) throws Exception {
        Matcher key = KEY.matcher(connection.readHead());
        if (!key.find()) {
            connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            return;
        }
        byte[] digest =
                MessageDigest.getInstance("SHA-1").digest((key.group(1) + MAGIC).getBytes(StandardCharsets.US_ASCII));
        connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n");
        DataInputStream in = new DataInputStream(connection.socket().getInputStream());
        OutputStream out = connection.socket().getOutputStream();
        while (echo(in, out) != CLOSE) {
            out.flush();
        }
    }

    /** Answers the opcode. Frames here are shorter than 126 bytes, and masked, as those of clients are. */
    private static int echo(DataInputStream in, OutputStream out) throws IOException {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte() & 0x7f;
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes(length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i & 3];
        }
        out.write(first);
        out.write(length);
        out.write(payload);
        return first & 0xf;
    }
}
