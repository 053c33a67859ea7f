package dev.perimeter.proxy.filters.gzip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes one gzip member (RFC 1952 section 2.3). What was given so far can be read by the peer after each call: a stream of
 * events must not wait for more text to be worth a block. Holds native memory until {@link #close()}.
 */
public final class GzipWriter implements AutoCloseable {

    /** Magic number, deflate, no flags, no time, no hint, unknown system. */
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private static final int SMALLEST_ROOM = 256;

    private final Deflater deflater;
    private final CRC32 checksum = new CRC32();
    private boolean begun;

    /** @param level of {@link Deflater}; @param strategy of {@link Deflater} */
    public GzipWriter(int level, int strategy) {
        deflater = new Deflater(level, true);
        deflater.setStrategy(strategy);
    }

    /** The next bytes of the member; {@code data} is looked at only. */
    public ByteBuf write(ByteBuf data, boolean last, ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer(SMALLEST_ROOM + data.readableBytes() / 2);
        if (!begun) {
            begun = true;
            out.writeBytes(HEADER);
        }
        for (ByteBuffer part : data.nioBuffers()) {
            checksum.update(part.duplicate());
            deflater.setInput(part);
            drain(out, Deflater.NO_FLUSH);
        }
        if (last) {
            deflater.finish();
            drain(out, Deflater.NO_FLUSH);
            out.writeIntLE((int) checksum.getValue());
            out.writeIntLE((int) deflater.getBytesRead());
        } else {
            drain(out, Deflater.SYNC_FLUSH);
        }
        return out;
    }

    /** The end of the member when all its content was written before. */
    public ByteBuf finish(ByteBufAllocator allocator) {
        return write(Unpooled.EMPTY_BUFFER, true, allocator);
    }

    private void drain(ByteBuf out, int flush) {
        while (true) {
            out.ensureWritable(SMALLEST_ROOM);
            ByteBuffer room = out.nioBuffer(out.writerIndex(), out.writableBytes());
            int offered = room.remaining();
            int written = deflater.deflate(room, flush);
            out.writerIndex(out.writerIndex() + written);
            // Room left over means that there is nothing more to be had.
            if (written < offered) {
                return;
            }
        }
    }

    @Override
    public void close() {
        deflater.end();
    }
}
