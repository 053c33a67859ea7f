package dev.perimeter.labs.localproxy;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What a relay prints, up to a limit: a line for every buffer of a long check would fill the disk. */
final class Printed extends OutputStream {

    private static final int MOST_BYTES = 900_000;

    private final PrintStream into;
    private int written;

    private Printed(PrintStream into) {
        this.into = into;
    }

    /** For {@code System.out} and {@code System.err}; both end in the same file. */
    static PrintStream limited(PrintStream into) {
        return new PrintStream(new Printed(into), true, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void write(int one) {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
        if (written > MOST_BYTES) {
            return;
        }
        written += length;
        into.write(bytes, from, length);
        if (written > MOST_BYTES) {
            into.println();
            into.println("[what was printed after this is left out]");
        }
        into.flush();
    }
}
