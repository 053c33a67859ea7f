package dev.perimeter.proxy.benchmarks.pace;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** One kept connection and the thread that asks on it, by its schedule. Read after the thread has ended. */
final class Place implements Runnable {

    private static final int TIMEOUT_MILLIS = 5_000;

    private final InetSocketAddress address;
    private final byte[] request;
    private final Schedule schedule;
    private final byte[] received = new byte[64 * 1024];
    private @Nullable Socket socket;
    private long[] took = new long[1024];
    private int count;
    private int failed;

    Place(URI uri, String host, Schedule schedule) {
        this.address = new InetSocketAddress(uri.getHost(), uri.getPort());
        this.request = ("GET " + uri.getRawPath() + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        this.schedule = schedule;
    }

    int failed() {
        return failed;
    }

    /** In nanoseconds, those that were answered with 200. */
    LongStream took() {
        return Arrays.stream(took, 0, count);
    }

    @Override
    public void run() {
        for (long due = schedule.first(); due - schedule.end() < 0; due += schedule.period()) {
            boolean late = System.nanoTime() - due > 0;
            while (System.nanoTime() - due < 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            // Late for want of a free connection counts; late because a timer of this machine is coarse does not.
            long began = late ? due : System.nanoTime();
            boolean answered = ask();
            if (due - schedule.measured() >= 0) {
                note(answered, System.nanoTime() - began);
            }
        }
        close();
    }

    private void note(boolean answered, long nanos) {
        if (!answered) {
            failed++;
            return;
        }
        if (count == took.length) {
            took = Arrays.copyOf(took, count * 2);
        }
        took[count++] = nanos;
    }

    private boolean ask() {
        try {
            Socket open = socket;
            if (open == null) {
                open = new Socket();
                socket = open;
                open.setTcpNoDelay(true);
                open.connect(address, TIMEOUT_MILLIS);
            }
            open.getOutputStream().write(request);
            if (answer(open.getInputStream()) == 200) {
                return true;
            }
        } catch (IOException e) {
            // Counted as failed; the next request has a new connection.
        }
        close();
        return false;
    }

    /** Reads one response with a Content-Length, which is what is asked for; answers its status, or 0. */
    private int answer(InputStream in) throws IOException {
        int filled = 0;
        int whole = Integer.MAX_VALUE;
        while (filled < whole) {
            int read = in.read(received, filled, received.length - filled);
            if (read <= 0) {
                return 0;
            }
            filled += read;
            if (whole == Integer.MAX_VALUE) {
                whole = lengthOfWhole(filled);
            }
        }
        return (received[9] - '0') * 100 + (received[10] - '0') * 10 + received[11] - '0';
    }

    private int lengthOfWhole(int filled) {
        String text = new String(received, 0, filled, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return Integer.MAX_VALUE;
        }
        int field = text.toLowerCase(java.util.Locale.ROOT).indexOf("\r\ncontent-length:");
        if (field < 0 || field > end) {
            return end + 4;
        }
        int value = field + "\r\ncontent-length:".length();
        return end
                + 4
                + Integer.parseInt(
                        text.substring(value, text.indexOf("\r\n", value)).strip());
    }

    private void close() {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // It is gone either way.
        }
        socket = null;
    }
}
