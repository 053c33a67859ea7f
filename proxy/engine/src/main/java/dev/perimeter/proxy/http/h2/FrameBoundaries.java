package dev.perimeter.proxy.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * Follows the boundaries of frames in what a client sends, for what the frame layer tells too late: that a header block
 * has begun and not ended, since till then nothing else can come (RFC 9113 section 4.3), and that a SETTINGS frame says
 * far more than there are settings, since it reads every entry first.
 */
final class FrameBoundaries {

    /** Bytes of the longest SETTINGS frame: 32 entries, as nghttp2 takes by default. */
    private static final int LONGEST_SETTINGS = 32 * Http2CodecUtil.SETTING_ENTRY_LENGTH;

    /** Length, type and flags of a frame; the number of its stream follows. */
    private static final int TELLING = 5;

    private static final int STREAM = 4;
    private static final int END_HEADERS = 4;

    private int skip = Http2CodecUtil.connectionPrefaceBuf().readableBytes();
    private int told;
    private long head;
    private boolean open;
    private boolean endsHere;
    private boolean longSettings;

    /**
     * @param data is left as it is
     * @return whether a block that began in {@code data} is still open at its end
     */
    boolean read(ByteBuf data) {
        boolean began = false;
        int at = data.readerIndex();
        int end = data.writerIndex();
        while (at < end) {
            if (skip == 0) {
                head = head << 8 | data.getByte(at++) & 0xff;
                if (++told == TELLING) {
                    began = frame() || began;
                }
                continue;
            }
            int step = Math.min(skip, end - at);
            skip -= step;
            at += step;
            if (skip == 0 && endsHere) {
                endsHere = false;
                open = false;
                began = false;
            }
        }
        return began;
    }

    /** A frame begins; answers whether a block begins with it. */
    private boolean frame() {
        int flags = (int) head & 0xff;
        int type = (int) (head >> 8) & 0xff;
        skip = (int) (head >> 16) + STREAM;
        told = 0;
        head = 0;
        longSettings |= type == Http2FrameTypes.SETTINGS && skip > LONGEST_SETTINGS + STREAM;
        if (type != Http2FrameTypes.HEADERS && type != Http2FrameTypes.CONTINUATION) {
            return false;
        }
        boolean begins = !open;
        open = true;
        endsHere = (flags & END_HEADERS) != 0;
        return begins;
    }

    boolean isOpen() {
        return open;
    }

    /** Whether a SETTINGS frame came that no honest client sends. */
    boolean hasLongSettings() {
        return longSettings;
    }
}
