package dev.perimeter.proxy.story.h2;

import dev.perimeter.proxy.story.RawHttp2;
import java.io.IOException;
import java.net.SocketTimeoutException;

/** A body that a raw client sends as fast as the server's windows let it, and no faster. */
final class FlowingBody {

    private static final int FRAME = 16_384;

    private final RawHttp2 client;
    private final int stream;
    private final int size;
    private long connectionWindow = 65_535;
    private long streamWindow = -1;
    private int sent;

    FlowingBody(RawHttp2 client, int stream, int size) {
        this.client = client;
        this.stream = stream;
        this.size = size;
    }

    /** Answers how much went out before the windows were used up and stayed so. */
    long sendUntilStalled() throws IOException {
        client.socket().setSoTimeout(500);
        try {
            send();
        } catch (SocketTimeoutException e) {
            // Stalled.
        }
        client.socket().setSoTimeout(8000);
        return sent;
    }

    void sendTheRest() throws IOException {
        send();
    }

    private void send() throws IOException {
        while (sent < size) {
            long window = Math.min(connectionWindow, streamWindow);
            if (window <= 0) {
                take(client.next());
                continue;
            }
            int count = (int) Math.min(Math.min(window, FRAME), size - sent);
            sent += count;
            connectionWindow -= count;
            streamWindow -= count;
            client.frame(RawHttp2.DATA, sent == size ? RawHttp2.END_STREAM : 0, stream, new byte[count]);
        }
    }

    private void take(RawHttp2.Frame frame) {
        if (frame == null) {
            throw new AssertionError("the server is gone");
        }
        if (frame.type() == RawHttp2.WINDOW_UPDATE) {
            if (frame.stream() == 0) {
                connectionWindow += frame.code();
            } else {
                streamWindow += frame.code();
            }
        } else if (frame.type() == RawHttp2.SETTINGS && frame.flags() == 0) {
            streamWindow = initialWindow(frame.payload());
        }
    }

    private static long initialWindow(byte[] settings) {
        for (int i = 0; i < settings.length; i += 6) {
            if (settings[i + 1] == 4) {
                return (settings[i + 2] & 0xffL) << 24
                        | (settings[i + 3] & 0xff) << 16
                        | (settings[i + 4] & 0xff) << 8
                        | settings[i + 5] & 0xff;
            }
        }
        return 65_535;
    }
}
