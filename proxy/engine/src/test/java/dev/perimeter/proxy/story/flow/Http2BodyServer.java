package dev.perimeter.proxy.story.flow;

import dev.perimeter.proxy.story.Pace;
import dev.perimeter.proxy.story.RawHttp2;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * What {@link BodyServer} does, over one HTTP/2 stream after the other: it sends as much as the windows of the other side
 * let it, and opens its own window when it has read.
 */
final class Http2BodyServer implements RawUpstream.Script {

    private static final int FRAME = 16_384;
    private static final int FRAME_HEAD = 9;
    private static final int PIECES = 4;

    /** What it takes before it says so. */
    private static final int WINDOW_STEP = 128 * 1024;

    private static final int WINDOW = 1 << 20;
    private static final int INITIAL_WINDOW_SIZE = 4;

    private final long size;

    Http2BodyServer(long size) {
        this.size = size;
    }

    @Override
    public void run(RawUpstream.Connection connection) throws Exception {
        connection.readTo("SM\r\n\r\n");
        new Session(connection).serve();
    }

    private final class Session {

        private final DataInputStream in;
        private final OutputStream out;
        private final byte[] payload = new byte[1 << 16];
        private final byte[] pieces = new byte[PIECES * (FRAME_HEAD + FRAME)];
        private int initialWindow = 65_535;
        private long connectionWindow = 65_535;
        private long streamWindow;
        private Pace pace = Pace.withAStall();
        private int sinceUpdate;

        Session(RawUpstream.Connection connection) throws IOException {
            in = new DataInputStream(new BufferedInputStream(connection.socket().getInputStream(), 1 << 16));
            out = connection.socket().getOutputStream();
        }

        void serve() throws IOException {
            frame(RawHttp2.SETTINGS, 0, 0, RawHttp2.setting(INITIAL_WINDOW_SIZE, WINDOW));
            frame(RawHttp2.WINDOW_UPDATE, 0, 0, RawHttp2.number(WINDOW));
            try {
                while (true) {
                    next();
                }
            } catch (EOFException over) {
                // The proxy has gone.
            }
        }

        private void frame(int type, int flags, int stream, byte... content) throws IOException {
            out.write(RawHttp2.frameBytes(type, flags, stream, content));
        }

        private void next() throws IOException {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            in.readFully(payload, 0, length);
            switch (type) {
                case RawHttp2.SETTINGS -> settings(flags, length);
                case RawHttp2.WINDOW_UPDATE -> window(stream);
                case RawHttp2.PING -> ping(flags, length);
                case RawHttp2.HEADERS -> request(stream, (flags & RawHttp2.END_STREAM) != 0);
                case RawHttp2.DATA -> taken(stream, length, (flags & RawHttp2.END_STREAM) != 0);
                default -> {}
            }
        }

        private void settings(int flags, int length) throws IOException {
            if ((flags & RawHttp2.ACK) == 0) {
                for (int i = 0; i < length; i += 6) {
                    if (payload[i + 1] == INITIAL_WINDOW_SIZE) {
                        initialWindow = ByteBuffer.wrap(payload).getInt(i + 2);
                    }
                }
                frame(RawHttp2.SETTINGS, RawHttp2.ACK, 0);
            }
        }

        private void window(int stream) {
            int more = ByteBuffer.wrap(payload).getInt(0);
            if (stream == 0) {
                connectionWindow += more;
            } else {
                streamWindow += more;
            }
        }

        private void ping(int flags, int length) throws IOException {
            if ((flags & RawHttp2.ACK) == 0) {
                frame(RawHttp2.PING, RawHttp2.ACK, 0, java.util.Arrays.copyOf(payload, length));
            }
        }

        private void request(int stream, boolean whole) throws IOException {
            if (whole) {
                frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, RawHttp2.block(":status: 200"));
                give(stream);
            } else {
                pace = Pace.withAStall();
                sinceUpdate = 0;
            }
        }

        private void give(int stream) throws IOException {
            for (int i = 0; i < PIECES; i++) {
                byte[] head = RawHttp2.frameBytes(RawHttp2.DATA, 0, stream, new byte[FRAME]);
                System.arraycopy(head, 0, pieces, i * head.length, head.length);
            }
            streamWindow = initialWindow;
            long left = size;
            while (left > 0) {
                int whole = (int) Math.min(PIECES, Math.min(left, Math.min(connectionWindow, streamWindow)) / FRAME);
                if (whole == 0) {
                    next();
                    continue;
                }
                out.write(pieces, 0, whole * (FRAME_HEAD + FRAME));
                left -= (long) whole * FRAME;
                connectionWindow -= (long) whole * FRAME;
                streamWindow -= (long) whole * FRAME;
            }
            frame(RawHttp2.DATA, RawHttp2.END_STREAM, stream);
        }

        private void taken(int stream, int count, boolean end) throws IOException {
            pace.took(count);
            sinceUpdate += count;
            if (end) {
                byte[] head = RawHttp2.block(":status: 200", "x-taken: " + pace.taken());
                frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, stream, head);
            } else if (sinceUpdate >= WINDOW_STEP) {
                frame(RawHttp2.WINDOW_UPDATE, 0, stream, RawHttp2.number(sinceUpdate));
                frame(RawHttp2.WINDOW_UPDATE, 0, 0, RawHttp2.number(sinceUpdate));
                sinceUpdate = 0;
            }
        }
    }
}
