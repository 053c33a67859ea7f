package dev.perimeter.proxy.story.flow;

import dev.perimeter.proxy.story.Pace;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * An HTTP/1.1 server with one large body to give, as fast as it is taken, and room for one, which it takes with a stall in
 * between. Tells how much it took.
 */
final class BodyServer implements RawUpstream.Script {

    private static final int PIECE = 64 * 1024;

    private final long size;

    BodyServer(long size) {
        this.size = size;
    }

    @Override
    public void run(RawUpstream.Connection connection) throws Exception {
        String head = connection.readHead();
        if (head.startsWith("GET")) {
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
            give(connection.socket().getOutputStream());
        } else {
            long taken = take(connection.socket().getInputStream());
            connection.send("HTTP/1.1 200 OK\r\nX-Taken: " + taken + "\r\nContent-Length: 0\r\n\r\n");
        }
        connection.readTo("never");
    }

    private void give(OutputStream out) throws IOException {
        byte[] piece = new byte[PIECE];
        for (long left = size; left > 0; left -= piece.length) {
            out.write(piece, 0, (int) Math.min(left, piece.length));
        }
        out.flush();
    }

    /** A body in chunks. */
    private long take(InputStream socket) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(socket, PIECE));
        byte[] piece = new byte[PIECE];
        Pace pace = Pace.withAStall();
        for (int chunk = chunkSize(in); chunk > 0; chunk = chunkSize(in)) {
            for (int left = chunk; left > 0; ) {
                int read = Math.min(left, piece.length);
                in.readFully(piece, 0, read);
                left -= read;
                pace.took(read);
            }
            in.readFully(piece, 0, 2);
        }
        in.readFully(piece, 0, 2);
        return pace.taken();
    }

    private static int chunkSize(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
            line.append((char) next);
        }
        return Integer.parseInt(line.toString().trim(), 16);
    }
}
