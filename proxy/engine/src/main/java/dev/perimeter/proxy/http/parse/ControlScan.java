package dev.perimeter.proxy.http.parse;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds the next control character, eight bytes at a time: every byte of every head passes here, and all but two a line
 * are of no interest.
 */
final class ControlScan {

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private ControlScan() {}

    /** The first byte at or after {@code from} that is below 0x20 or is DEL, or {@code to}. */
    static int next(byte[] bytes, int from, int to) {
        int at = from;
        while (at <= to - Long.BYTES) {
            long word = (long) WORD.get(bytes, at);
            long below = word - ONES * ' ' & ~word;
            long noDelete = word ^ ONES * 0x7f;
            long delete = noDelete - ONES & ~noDelete;
            // A borrow marks bytes above a true one as well, never below it: the lowest mark is right.
            long found = (below | delete) & HIGH_BITS;
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
            at += Long.BYTES;
        }
        while (at < to && !isControl(bytes[at])) {
            at++;
        }
        return at;
    }

    private static boolean isControl(byte b) {
        return b >= 0 && b < ' ' || b == 0x7f;
    }
}
