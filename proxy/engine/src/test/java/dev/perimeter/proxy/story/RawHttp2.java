package dev.perimeter.proxy.story;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A client that speaks HTTP/2 in frames, well or badly, with no opinion of its own. */
public final class RawHttp2 implements AutoCloseable {

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;

    public record Frame(int type, int flags, int stream, byte[] payload) {

        public boolean ends() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        /** The code of RST_STREAM or GOAWAY. */
        public int code() {
            return Unpooled.wrappedBuffer(payload).getInt(type == GOAWAY ? 4 : 0);
        }

        public int lastStream() {
            return Unpooled.wrappedBuffer(payload).getInt(0);
        }
    }

    /** @param reset code of the RST_STREAM that ended it, or -1 */
    public record Answer(
            Http2Headers head, String body, @Nullable Http2Headers trailers, int reset) {
        public int status() {
            return Integer.parseInt(head.status().toString());
        }
    }

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

    public RawHttp2(InetSocketAddress address, byte... settings) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(8000);
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        in = new DataInputStream(socket.getInputStream());
        bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, settings);
    }

    /** One setting as the payload of a SETTINGS frame. */
    public static byte[] setting(int id, int value) {
        return new byte[] {0, (byte) id, (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    public static byte[] number(int value) {
        return new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    public void bytes(byte[] raw) throws IOException {
        out.write(raw);
    }

    public static byte[] frameBytes(int type, int flags, int stream, byte... payload) {
        ByteBuf frame = Unpooled.buffer();
        frame.writeMedium(payload.length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        return bytes;
    }

    public RawHttp2 frame(int type, int flags, int stream, byte... payload) throws IOException {
        bytes(frameBytes(type, flags, stream, payload));
        return this;
    }

    /** A header block of literals; lines are "name: value", a name may begin with a colon. */
    public static byte[] block(String... lines) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (String line : lines) {
            int colon = line.indexOf(": ", 1);
            block.write(0);
            literal(block, line.substring(0, colon));
            literal(block, line.substring(colon + 2));
        }
        return block.toByteArray();
    }

    private static void literal(ByteArrayOutputStream block, String text) {
        int length = text.length();
        if (length < 127) {
            block.write(length);
        } else {
            block.write(127);
            for (length -= 127; length > 127; length >>= 7) {
                block.write(length & 127 | 128);
            }
            block.write(length);
        }
        block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawHttp2 headers(int stream, boolean end, String... lines) throws IOException {
        return frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(lines));
    }

    public RawHttp2 get(int stream, String path) throws IOException {
        return headers(stream, true, ":method: GET", ":scheme: http", ":authority: shop", ":path: " + path);
    }

    public RawHttp2 post(int stream, String path, String... more) throws IOException {
        String[] lines = new String[4 + more.length];
        lines[0] = ":method: POST";
        lines[1] = ":scheme: http";
        lines[2] = ":authority: shop";
        lines[3] = ":path: " + path;
        System.arraycopy(more, 0, lines, 4, more.length);
        return headers(stream, false, lines);
    }

    public RawHttp2 data(int stream, boolean end, String text) throws IOException {
        return frame(DATA, end ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The next frame, or null when the server is gone. */
    @Nullable
    public Frame next() throws IOException {
        try {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = new byte[length];
            in.readFully(payload);
            if (type == SETTINGS && (flags & ACK) == 0) {
                frame(SETTINGS, ACK, 0);
            }
            return new Frame(type, flags, stream, payload);
        } catch (EOFException | SocketException e) {
            return null;
        }
    }

    /** The next frame of that type; others are read over. Null when the server is gone before. */
    @Nullable
    public Frame next(int type) throws IOException {
        Frame frame = next();
        while (frame != null && frame.type() != type) {
            frame = next();
        }
        return frame;
    }

    public Http2Headers decode(Frame frame) throws Exception {
        return decoder.decodeHeaders(frame.stream(), Unpooled.wrappedBuffer(frame.payload()));
    }

    /** The whole answer on that stream; frames of other streams are read over. */
    public Answer answer(int stream) throws Exception {
        Http2Headers head = null;
        Http2Headers trailers = null;
        StringBuilder body = new StringBuilder();
        while (true) {
            Frame frame = next();
            if (frame == null) {
                throw new AssertionError("the connection is gone before the answer on stream " + stream);
            }
            Http2Headers fields = frame.type() == HEADERS ? decode(frame) : null;
            if (frame.stream() != stream) {
                continue;
            }
            if (frame.type() == RST_STREAM) {
                return new Answer(head, body.toString(), trailers, frame.code());
            }
            if (frame.type() == DATA) {
                body.append(new String(frame.payload(), StandardCharsets.UTF_8));
            } else if (fields != null
                    && head == null
                    && !fields.status().toString().startsWith("1")) {
                head = fields;
            } else if (fields != null && fields.status() == null) {
                trailers = fields;
            }
            if (frame.ends()) {
                return new Answer(head, body.toString(), trailers, -1);
            }
        }
    }

    public Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
