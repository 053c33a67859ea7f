package dev.perimeter.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Header fields in the order and case in which they were received (RFC 9110 section 5.3: order matters within a name).
 * Names are compared without case. Not thread-safe; belongs to one exchange.
 *
 * <p>Implementation note. A received head is one byte array, and a field is four offsets into it, because most fields of
 * most requests are never looked at: a map of strings would cost more than everything else the proxy does with them.
 * A string is made when somebody asks for it, and fields that nobody touched are written to the wire as runs of the
 * received bytes. Added fields have strings only; they are few.
 */
public final class Headers {

    /** Ints per field in {@code spans}: start and end of the name, start and end of the value. */
    static final int SPAN = 4;

    private static final byte[] NO_BLOCK = {};
    private static final int ADDED = -1;
    private static final int ROOM_FOR_EDITS = 8;

    private final byte[] block;
    private int[] spans;
    private @Nullable String[] strings;
    private int size;

    public Headers() {
        this(NO_BLOCK, new int[0], 0);
    }

    /**
     * A view of received fields.
     *
     * @param block the received bytes; must not change any more
     * @param received four offsets a field: name start, name end, value start, value end; copied
     * @param count number of fields
     */
    public Headers(byte[] block, int[] received, int count) {
        this.block = block;
        this.spans = Arrays.copyOf(received, (count + ROOM_FOR_EDITS) * SPAN);
        this.strings = new String[0];
        this.size = count;
    }

    private Headers(Headers from) {
        block = from.block;
        spans = from.spans.clone();
        strings = from.strings.clone();
        size = from.size;
    }

    /** The same fields, to be changed on their own: what a second attempt starts from. */
    public Headers copy() {
        return new Headers(this);
    }

    public int size() {
        return size;
    }

    public String name(int index) {
        return text(index, 0);
    }

    public String value(int index) {
        return text(index, 1);
    }

    /** The first value of the field, or null. */
    public @Nullable String get(String name) {
        int index = indexOf(name, 0);
        return index < 0 ? null : value(index);
    }

    /** All values of the field as one, in their order, or null. */
    public @Nullable String joined(String name, String separator) {
        String value = null;
        for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i + 1)) {
            value = value == null ? value(i) : value + separator + value(i);
        }
        return value;
    }

    public boolean contains(String name) {
        return indexOf(name, 0) >= 0;
    }

    /** The first field of that name at or after {@code from}, or -1: visits repeated fields without making strings. */
    public int indexOf(String name, int from) {
        for (int i = from; i < size; i++) {
            if (isNamed(i, name)) {
                return i;
            }
        }
        return -1;
    }

    /** The first field at or after {@code from} whose name begins so, without case, or -1; makes no strings. */
    public int indexOfPrefix(String prefix, int from) {
        for (int i = from; i < size; i++) {
            int start = spans[i * SPAN];
            boolean begins = start == ADDED
                    ? name(i).regionMatches(true, 0, prefix, 0, prefix.length())
                    : spans[i * SPAN + 1] - start >= prefix.length() && Ascii.equalsIgnoreCase(block, start, prefix);
            if (begins) {
                return i;
            }
        }
        return -1;
    }

    /** Length of the name in bytes: the cheapest way to tell most fields apart. */
    public int nameLength(int index) {
        int start = spans[index * SPAN];
        return start == ADDED ? name(index).length() : spans[index * SPAN + 1] - start;
    }

    /** Whether the field has that name, without case. */
    public boolean isNamed(int index, String name) {
        int start = spans[index * SPAN];
        if (start == ADDED) {
            return name(index).equalsIgnoreCase(name);
        }
        return spans[index * SPAN + 1] - start == name.length() && Ascii.equalsIgnoreCase(block, start, name);
    }

    /** Length of the value in bytes. */
    public int valueLength(int index) {
        int start = spans[index * SPAN];
        return start == ADDED ? value(index).length() : spans[index * SPAN + 3] - spans[index * SPAN + 2];
    }

    /** A hash of the name that is the same for every spelling: {@code 31 * h + lower-case byte}, as of a string. */
    public int nameHash(int index) {
        int start = spans[index * SPAN];
        return start == ADDED ? Ascii.lowerHash(name(index)) : Ascii.lowerHash(block, start, spans[index * SPAN + 1]);
    }

    /** Writes the name in lower case, as HTTP/2 wants it (RFC 9113 section 8.2). */
    public void writeLowerName(int index, ByteBuf out) {
        int start = spans[index * SPAN];
        if (start == ADDED) {
            Ascii.writeLower(out, name(index));
        } else {
            Ascii.writeLower(out, block, start, spans[index * SPAN + 1]);
        }
    }

    /** Writes the value alone, {@link #valueLength} bytes. */
    public void writeValue(int index, ByteBuf out) {
        int start = spans[index * SPAN];
        if (start == ADDED) {
            Ascii.writeFieldValue(out, value(index));
        } else {
            int from = spans[index * SPAN + 2];
            out.writeBytes(block, from, spans[index * SPAN + 3] - from);
        }
    }

    /**
     * Adds a field at the end.
     *
     * @throws IllegalArgumentException if {@code name} is not a token (RFC 9110 section 5.1): configuration is checked
     *     long before, so this is a fault in the code
     */
    public void add(String name, String value) {
        if (!Ascii.isToken(name)) {
            throw new IllegalArgumentException("not a field name: '" + name + "'");
        }
        if ((size + 1) * SPAN > spans.length) {
            spans = Arrays.copyOf(spans, (size + ROOM_FOR_EDITS) * SPAN);
        }
        roomForStrings(size);
        spans[size * SPAN] = ADDED;
        strings[size * 2] = name;
        strings[size * 2 + 1] = value;
        size++;
    }

    /** Replaces every field of that name by one, which goes to the end. */
    public void set(String name, String value) {
        remove(name);
        add(name, value);
    }

    public void remove(String name) {
        for (int i = size - 1; i >= 0; i--) {
            if (isNamed(i, name)) {
                removeAt(i);
            }
        }
    }

    public void removeAt(int index) {
        int after = size - index - 1;
        System.arraycopy(spans, (index + 1) * SPAN, spans, index * SPAN, after * SPAN);
        int cached = strings.length - (index + 1) * 2;
        if (cached >= 0) {
            System.arraycopy(strings, (index + 1) * 2, strings, index * 2, cached);
            strings[strings.length - 1] = null;
            strings[strings.length - 2] = null;
        }
        size--;
    }

    /** An upper bound of what {@link #writeTo} writes, in bytes. */
    public int encodedLength() {
        int length = block.length;
        for (int i = 0; i < size; i++) {
            length += spans[i * SPAN] == ADDED ? name(i).length() + value(i).length() + 4 : 2;
        }
        return length;
    }

    /** Writes all fields as HTTP/1.1 field lines (RFC 9112 section 5), without the empty line that ends them. */
    public void writeTo(ByteBuf out) {
        for (int i = 0; i < size; ) {
            i = spans[i * SPAN] == ADDED ? writeAdded(i, out) : writeRun(i, out);
        }
    }

    private int writeRun(int first, ByteBuf out) {
        int last = first;
        while (last + 1 < size && spans[(last + 1) * SPAN] == spans[last * SPAN + 3] + 2) {
            last++;
        }
        int start = spans[first * SPAN];
        out.writeBytes(block, start, spans[last * SPAN + 3] - start);
        ByteBufUtil.writeShortBE(out, '\r' << 8 | '\n');
        return last + 1;
    }

    private int writeAdded(int index, ByteBuf out) {
        ByteBufUtil.writeAscii(out, name(index));
        ByteBufUtil.writeShortBE(out, ':' << 8 | ' ');
        Ascii.writeFieldValue(out, value(index));
        ByteBufUtil.writeShortBE(out, '\r' << 8 | '\n');
        return index + 1;
    }

    private String text(int index, int part) {
        if (index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        roomForStrings(index);
        String text = strings[index * 2 + part];
        if (text == null) {
            int start = spans[index * SPAN + part * 2];
            int end = spans[index * SPAN + part * 2 + 1];
            text = new String(block, start, end - start, StandardCharsets.ISO_8859_1);
            strings[index * 2 + part] = text;
        }
        return text;
    }

    private void roomForStrings(int index) {
        if (strings.length < (index + 1) * 2) {
            strings = Arrays.copyOf(strings, (Math.max(index, size) + 4) * 2);
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < size; i++) {
            text.append(name(i)).append(": ").append(value(i)).append('\n');
        }
        return text.toString();
    }
}
