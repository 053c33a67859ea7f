package dev.perimeter.proxy.testkit;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A WebSocket server (RFC 6455) that sends each frame back, piece by piece, so that its length does not matter. */
public final class WebSocketEcho {

    private static final Pattern KEY = Pattern.compile("(?i)sec-websocket-key: *(\\S+)");
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int CLOSE = 8;

    /** The values of the seven bits of length that say how many bytes of length follow (section 5.2). */
    private static final int SHORT_FOLLOWS = 126;

    private static final int LONG_FOLLOWS = 127;

    private final DataInputStream in;
    private final DataOutputStream out;
    private final byte[] piece = new byte[32 * 1024];

    private WebSocketEcho(RawUpstream.Connection connection) throws IOException {
        in = new DataInputStream(connection.socket().getInputStream());
        out = new DataOutputStream(new BufferedOutputStream(connection.socket().getOutputStream(), piece.length));
    }

    /** A script for a {@link RawUpstream}. */
    public static void serve(RawUpstream.Connection connection) throws Exception {
        Matcher key = KEY.matcher(connection.readHead());
        if (!key.find()) {
            connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            return;
        }
        byte[] digest =
                MessageDigest.getInstance("SHA-1").digest((key.group(1) + MAGIC).getBytes(StandardCharsets.US_ASCII));
        connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n");
        WebSocketEcho echo = new WebSocketEcho(connection);
        boolean goesOn = true;
        while (goesOn) {
            goesOn = echo.frame() != CLOSE;
        }
    }

    /** Answers the opcode. Frames of clients are masked (section 5.3), those of servers are not. */
    private int frame() throws IOException {
        int first = in.readUnsignedByte();
        out.write(first);
        int length = in.readUnsignedByte() & 0x7f;
        out.write(length);
        long left = length;
        if (length == SHORT_FOLLOWS) {
            left = in.readUnsignedShort();
            out.writeShort((int) left);
        } else if (length == LONG_FOLLOWS) {
            left = in.readLong();
            out.writeLong(left);
        }
        byte[] mask = in.readNBytes(4);
        for (long at = 0; left > 0; ) {
            int read = in.read(piece, 0, (int) Math.min(left, piece.length));
            if (read < 0) {
                throw new IOException("the connection ended inside a frame");
            }
            for (int i = 0; i < read; i++, at++) {
                piece[i] ^= mask[(int) (at & 3)];
            }
            out.write(piece, 0, read);
            left -= read;
        }
        out.flush();
        return first & 0xf;
    }
}
