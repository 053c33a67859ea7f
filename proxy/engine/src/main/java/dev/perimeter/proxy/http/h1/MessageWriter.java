package dev.perimeter.proxy.http.h1;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.http.parse.MessageFraming;
import dev.perimeter.proxy.http.write.HeadBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/**
 * Writes one message after another and frames their content (RFC 9112 section 6). Headers come without framing or
 * connection fields, except a {@code Content-Length} that holds as long as nobody changes the content.
 */
final class MessageWriter {

    private static final byte[] VERSION = bytes("HTTP/1.1 ");
    private static final byte[] END_OF_REQUEST_LINE = bytes(" HTTP/1.1\r\n");
    private static final byte[] CHUNKED = bytes("Transfer-Encoding: chunked\r\n");
    private static final byte[] EMPTY = bytes("Content-Length: 0\r\n");
    private static final byte[] CLOSE = bytes("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = bytes("Connection: keep-alive\r\n");
    private static final byte[] TE = bytes("Connection: TE\r\n");
    private static final byte[] UPGRADE = bytes("Connection: Upgrade\r\nUpgrade: ");
    private static final byte[] TE_UPGRADE = bytes("Connection: TE, Upgrade\r\nUpgrade: ");
    private static final byte[] LAST_CHUNK = bytes("0\r\n");
    private static final int LINES_OF_OUR_OWN = 96;
    private static final int SMALL_BODY = 4096;
    private static final int CHUNK_LINE = 20;

    /** What is to follow the head, decided by whoever knows the peer. */
    enum Framing {
        /** Nothing; the fields may still tell the length that a GET would have had. */
        NO_CONTENT,
        /** Nothing, and a length of zero is said. */
        EMPTY_CONTENT,
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private Framing framing = Framing.NO_CONTENT;
    private long remaining;

    /** Whether a body with that declared length, or {@link MessageFraming#NONE}, is sent by length. */
    void request(Outbox out, RequestHead head, Framing how, long length) {
        start(how, length);
        String path = head.path().isEmpty() ? "/" : head.path();
        Headers headers = head.headers();
        int protocol = head.upgrade() == null ? 0 : head.upgrade().length();
        int text = head.method().length() + path.length() + head.authority().length() + protocol;
        ByteBuf room = out.room(text + headers.encodedLength() + LINES_OF_OUR_OWN + small(length));
        ByteBuf to = HeadBuffer.begin();
        ByteBufUtil.writeAscii(to, head.method());
        to.writeByte(' ');
        ByteBufUtil.writeAscii(to, path);
        to.writeBytes(END_OF_REQUEST_LINE);
        ByteBufUtil.writeAscii(to, head.hostName());
        ByteBufUtil.writeShortBE(to, ':' << 8 | ' ');
        ByteBufUtil.writeAscii(to, head.authority());
        endLine(to);
        // RFC 9110 sections 7.8 and 10.1.4: Upgrade and TE are for one hop and must be listed.
        boolean te = headers.contains("te");
        String upgrade = head.upgrade();
        if (upgrade != null) {
            to.writeBytes(te ? TE_UPGRADE : UPGRADE);
            ByteBufUtil.writeAscii(to, upgrade);
            endLine(to);
        } else if (te) {
            to.writeBytes(TE);
        }
        fields(to, headers);
        room.writeBytes(to);
    }

    /** From here on bytes are passed as they are: the protocol was changed. */
    void raw() {
        start(Framing.UNTIL_CLOSE, 0);
    }

    void response(Outbox out, ResponseHead head, Framing how, long length, boolean close, boolean sayKeepAlive) {
        start(how, length);
        ByteBuf room = room(out, head, small(length));
        ByteBuf to = statusLine(head);
        if (close) {
            to.writeBytes(CLOSE);
        } else if (sayKeepAlive) {
            to.writeBytes(KEEP_ALIVE);
        }
        fields(to, head.headers());
        room.writeBytes(to);
    }

    /** A head without content and without a word about it: 1xx, and 2xx to CONNECT. */
    void bare(Outbox out, ResponseHead head) {
        start(Framing.NO_CONTENT, 0);
        ByteBuf room = room(out, head, 0);
        ByteBuf to = statusLine(head);
        fields(to, head.headers());
        room.writeBytes(to);
    }

    /** 101 (RFC 9110 section 15.2.2); what follows is bytes as they are. */
    void switching(Outbox out, ResponseHead head, String protocol) {
        raw();
        ByteBuf room = room(out, head, protocol.length());
        ByteBuf to = statusLine(head);
        to.writeBytes(UPGRADE);
        ByteBufUtil.writeAscii(to, protocol);
        endLine(to);
        fields(to, head.headers());
        room.writeBytes(to);
    }

    /**
     * Takes ownership of {@code data}.
     *
     * @return false when the content is not as long as was said; nothing can repair that but closing
     */
    boolean data(Outbox out, ByteBuf data, boolean end) {
        int count = data.readableBytes();
        switch (framing) {
            case NO_CONTENT, EMPTY_CONTENT -> data.release();
            case LENGTH -> {
                if (count > remaining) {
                    data.release();
                    return false;
                }
                remaining -= count;
                out.data(data);
                return !end || remaining == 0;
            }
            case UNTIL_CLOSE -> out.data(data);
            case CHUNKED -> {
                chunk(out, data, count);
                if (end) {
                    ByteBuf to = out.room(CHUNK_LINE);
                    to.writeBytes(LAST_CHUNK);
                    endLine(to);
                }
            }
        }
        return true;
    }

    /** Ends the message; fields are dropped where there is no place for them. Same answer as {@link #data}. */
    boolean trailers(Outbox out, Headers trailers) {
        if (framing != Framing.CHUNKED) {
            return framing != Framing.LENGTH || remaining == 0;
        }
        ByteBuf to = out.room(trailers.encodedLength() + CHUNK_LINE);
        to.writeBytes(LAST_CHUNK);
        trailers.writeTo(to);
        endLine(to);
        return true;
    }

    private void chunk(Outbox out, ByteBuf data, int count) {
        if (count == 0) {
            data.release();
            return;
        }
        ByteBuf to = out.room(2 * CHUNK_LINE + small(count));
        ByteBufUtil.writeAscii(to, Integer.toHexString(count));
        endLine(to);
        out.data(data);
        endLine(out.room(CHUNK_LINE));
    }

    private void start(Framing how, long length) {
        framing = how;
        remaining = length;
    }

    /** To be asked for before {@link HeadBuffer#begin}, as it may let others write. */
    private static ByteBuf room(Outbox out, ResponseHead head, int extra) {
        return out.room(head.reason().length() + head.headers().encodedLength() + LINES_OF_OUR_OWN + extra);
    }

    private static ByteBuf statusLine(ResponseHead head) {
        ByteBuf to = HeadBuffer.begin();
        to.writeBytes(VERSION);
        ByteBufUtil.writeAscii(to, Integer.toString(head.status()));
        to.writeByte(' ');
        ByteBufUtil.writeAscii(to, head.reason());
        endLine(to);
        return to;
    }

    /** Fields of the message, then ours about its framing, then the empty line. */
    private void fields(ByteBuf to, Headers headers) {
        headers.remove("connection");
        headers.remove("transfer-encoding");
        if (framing != Framing.LENGTH && framing != Framing.NO_CONTENT) {
            headers.remove("content-length");
        }
        headers.writeTo(to);
        if (framing == Framing.CHUNKED) {
            to.writeBytes(CHUNKED);
        } else if (framing == Framing.EMPTY_CONTENT) {
            to.writeBytes(EMPTY);
        }
        endLine(to);
    }

    private static int small(long length) {
        return length > 0 && length <= SMALL_BODY ? (int) length : 0;
    }

    private static void endLine(ByteBuf to) {
        ByteBufUtil.writeShortBE(to, '\r' << 8 | '\n');
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
