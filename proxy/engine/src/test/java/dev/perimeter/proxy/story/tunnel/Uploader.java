package dev.perimeter.proxy.story.tunnel;

import dev.perimeter.proxy.story.RawHttp2;
import java.io.IOException;
import java.net.SocketTimeoutException;

/** A client that keeps to its windows. */
final class Uploader {
    private static final int PIECE = 16_384;
    private final RawHttp2 client;
    private int left;
    private long stream = 256 * 1024;
    private long connection = 1024 * 1024;

    Uploader(RawHttp2 client, int size) {
        this.client = client;
        this.left = size;
    }

    /** Sends until nothing is given back for a while, and tells how much that was. */
    int untilTheWindowIsEmpty() throws IOException {
        int before = left;
        client.socket().setSoTimeout(500);
        try {
            while (left > 0) {
                step();
            }
        } catch (SocketTimeoutException empty) {
            return before - left;
        } finally {
            client.socket().setSoTimeout(10_000);
        }
        return before;
    }

    String finish() throws IOException {
        while (left > 0) {
            step();
        }
        return Http2ConnectTest.read(client, 1, 10);
    }

    private void step() throws IOException {
        int piece = (int) Math.min(Math.min(PIECE, left), Math.min(stream, connection));
        if (piece > 0) {
            client.frame(RawHttp2.DATA, 0, 1, new byte[piece]);
            stream -= piece;
            connection -= piece;
            left -= piece;
            return;
        }
        RawHttp2.Frame update = client.next(RawHttp2.WINDOW_UPDATE);
        if (update.stream() == 0) {
            connection += update.lastStream();
        } else {
            stream += update.lastStream();
        }
    }
}
