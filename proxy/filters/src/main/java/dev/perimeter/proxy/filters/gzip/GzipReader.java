package dev.perimeter.proxy.filters.gzip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Reads gzip members (RFC 1952), one after the other, as they come in pieces. Each call makes a bounded number of bytes, so
 * little input that stands for much costs no more memory than any other. Holds native memory until {@link #close()}.
 */
public final class GzipReader implements AutoCloseable {

    private static final int PIECE = 16 * 1024;
    private static final int CHECKSUM_AND_LENGTH = 8;

    private enum Phase {
        HEADER,
        EXTRA_LENGTH,
        EXTRA,
        NAME,
        COMMENT,
        HEADER_CHECKSUM,
        CONTENT,
        TRAILER
    }

    private static final int FLAG_HEADER_CHECKSUM = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;
    private static final int FLAGS_RESERVED = 0xe0;

    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final int maxRatio;
    private Phase phase = Phase.HEADER;
    private int seen;
    private long number;
    private int flags;
    private boolean anyMember;
    private long totalIn;
    private long totalOut;
    private boolean holdsBack;
    private @Nullable String failure;

    /** @param maxRatio how many times longer the content may be than what it came in */
    public GzipReader(int maxRatio) {
        this.maxRatio = maxRatio;
    }

    /** Content made of {@code data}, whose reader index moves on; empty when there is none yet. Look at {@link #failure} after it. */
    public ByteBuf read(ByteBuf data, ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer(PIECE);
        int before = data.readableBytes();
        while (failure == null && (data.isReadable() || holdsBack) && out.readableBytes() < PIECE) {
            if (phase == Phase.CONTENT) {
                inflate(data, out);
            } else {
                header(data.readUnsignedByte());
            }
        }
        totalIn += before - data.readableBytes();
        totalOut += out.readableBytes();
        // The first piece is free: a few bytes may well stand for a page of blanks.
        if (failure == null && totalOut > PIECE && totalOut / maxRatio > totalIn) {
            failure = "the content is more than " + maxRatio + " times as long as what it came in";
        }
        return out;
    }

    /** Why reading cannot go on, or null. */
    public @Nullable String failure() {
        return failure;
    }

    /** Whether there is more to be had of what was given already. */
    public boolean holdsBack() {
        return holdsBack;
    }

    /** Whether the last member is whole, so that the stream may end here. */
    public boolean complete() {
        return anyMember && phase == Phase.HEADER && seen == 0;
    }

    private void inflate(ByteBuf data, ByteBuf out) {
        ByteBuffer in = data.nioBuffer();
        int offered = in.remaining();
        inflater.setInput(in);
        holdsBack = false;
        ByteBuffer room = out.nioBuffer(out.writerIndex(), PIECE - out.readableBytes());
        try {
            int written = inflater.inflate(room);
            checksum.update(out.nioBuffer(out.writerIndex(), written));
            out.writerIndex(out.writerIndex() + written);
            data.skipBytes(offered - inflater.getRemaining());
            // A full room may be all there was; then the next call finds out.
            holdsBack = !room.hasRemaining() && !inflater.finished();
            if (inflater.finished()) {
                phase = Phase.TRAILER;
                seen = 0;
                number = 0;
            } else if (inflater.needsDictionary()) {
                failure = "a dictionary is asked for, which gzip does not know";
            }
        } catch (DataFormatException malformed) {
            failure = "not deflate: " + malformed.getMessage();
        }
    }

    private void header(int b) {
        switch (phase) {
            case HEADER -> fixed(b);
            case EXTRA_LENGTH -> {
                number |= (long) b << (8 * seen++);
                if (seen == 2) {
                    next(number == 0 ? Phase.NAME : Phase.EXTRA);
                }
            }
            case EXTRA -> {
                if (++seen == number) {
                    next(Phase.NAME);
                }
            }
            case NAME -> {
                if (b == 0) {
                    next(Phase.COMMENT);
                }
            }
            case COMMENT -> {
                if (b == 0) {
                    next(Phase.HEADER_CHECKSUM);
                }
            }
            case HEADER_CHECKSUM -> {
                if (++seen == 2) {
                    next(Phase.CONTENT);
                }
            }
            case TRAILER -> trailer(b);
            case CONTENT -> throw new IllegalStateException("content is no header");
        }
    }

    private void fixed(int b) {
        boolean right = switch (seen) {
            case 0 -> b == 0x1f;
            case 1 -> b == 0x8b;
            case 2 -> b == 8;
            case 3 -> {
                flags = b;
                yield (b & FLAGS_RESERVED) == 0;
            }
            default -> true;
        };
        if (!right) {
            failure = "not the header of a gzip member (RFC 1952 section 2.3)";
        } else if (++seen == 10) {
            anyMember = true;
            next(Phase.EXTRA_LENGTH);
        }
    }

    /** The phase or, where the flags say that there is no such part, the one after it. */
    private void next(Phase wanted) {
        if (phase != Phase.EXTRA_LENGTH || wanted != Phase.EXTRA) {
            number = 0;
        }
        seen = 0;
        phase = wanted;
        if (wanted == Phase.EXTRA_LENGTH && (flags & FLAG_EXTRA) == 0) {
            next(Phase.NAME);
        } else if (wanted == Phase.NAME && (flags & FLAG_NAME) == 0) {
            next(Phase.COMMENT);
        } else if (wanted == Phase.COMMENT && (flags & FLAG_COMMENT) == 0) {
            next(Phase.HEADER_CHECKSUM);
        } else if (wanted == Phase.HEADER_CHECKSUM && (flags & FLAG_HEADER_CHECKSUM) == 0) {
            next(Phase.CONTENT);
        }
    }

    private void trailer(int b) {
        number |= (long) b << (8 * seen++);
        if (seen < CHECKSUM_AND_LENGTH) {
            return;
        }
        long length = inflater.getBytesWritten() & 0xffff_ffffL;
        if (number != (length << 32 | checksum.getValue())) {
            failure = "checksum or length do not fit the content";
        }
        inflater.reset();
        checksum.reset();
        next(Phase.HEADER);
    }

    @Override
    public void close() {
        inflater.end();
    }
}
