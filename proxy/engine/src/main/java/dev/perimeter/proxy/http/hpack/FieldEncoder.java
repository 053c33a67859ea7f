package dev.perimeter.proxy.http.hpack;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.write.HeadBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.util.Map.Entry;

/**
 * Writes header blocks (RFC 7541): static table and literals, one instance a connection.
 *
 * <p>Implementation note. There is no dynamic table on this side, on purpose: it would hash and remember every field of
 * every message to save bytes that a data centre has, keep kilobytes for each idle connection, and let one user's
 * secrets change the length of another's messages on a shared upstream connection (RFC 7541 section 7.1). The first
 * block says that the table has size 0, and so the peer keeps none either.
 */
public final class FieldEncoder implements Http2HeadersEncoder, Http2HeadersEncoder.Configuration {

    private static final int INDEXED = 0x80;
    private static final int TABLE_SIZE_ZERO = 0x20;
    private static final int NEVER_INDEXED = 0x10;
    private static final int NOT_INDEXED = 0x00;

    private long maxListSize = Http2CodecUtil.MAX_HEADER_LIST_SIZE;
    private boolean begun;

    @Override
    public void encodeHeaders(int streamId, Http2Headers headers, ByteBuf to) throws Http2Exception {
        if (maxListSize < Http2CodecUtil.MAX_HEADER_LIST_SIZE
                && headers instanceof SentFields large
                && large.listSize() > maxListSize) {
            Http2CodecUtil.headerListSizeExceeded(streamId, maxListSize, false);
        }
        ByteBuf out = HeadBuffer.begin();
        if (!begun) {
            begun = true;
            out.writeByte(TABLE_SIZE_ZERO);
        }
        encode(headers, out);
        to.writeBytes(out);
    }

    private static void encode(Http2Headers headers, ByteBuf out) {
        if (!(headers instanceof SentFields sent)) {
            for (Entry<CharSequence, CharSequence> field : headers) {
                out.writeByte(NOT_INDEXED);
                text(out, field.getKey());
                text(out, field.getValue());
            }
            return;
        }
        RequestHead request = sent.request();
        if (request != null) {
            request(out, request);
        } else if (sent.statusCode() != 0) {
            status(out, sent.statusCode());
        }
        Headers fields = sent.fields();
        for (int i = 0; i < fields.size(); i++) {
            if (!isForOneHop(fields, i)) {
                field(out, fields, i);
            }
        }
    }

    private static void request(ByteBuf out, RequestHead head) {
        String protocol = head.upgrade();
        String method = protocol == null ? head.method() : "CONNECT";
        switch (method) {
            case "GET" -> out.writeByte(INDEXED | StaticTable.METHOD_GET);
            case "POST" -> out.writeByte(INDEXED | StaticTable.METHOD_POST);
            default -> named(out, StaticTable.METHOD_GET, method);
        }
        if (protocol != null || !method.equals("CONNECT")) {
            boolean https = head.scheme().equals("https");
            out.writeByte(INDEXED | (https ? StaticTable.SCHEME_HTTPS : StaticTable.SCHEME_HTTP));
            if (head.path().length() == 1 && head.path().charAt(0) == '/') {
                out.writeByte(INDEXED | StaticTable.PATH);
            } else {
                named(out, StaticTable.PATH, head.path().isEmpty() ? "/" : head.path());
            }
        }
        named(out, StaticTable.AUTHORITY, head.authority());
        if (protocol != null) {
            out.writeByte(NOT_INDEXED);
            text(out, ":protocol");
            text(out, protocol);
        }
    }

    private static void status(ByteBuf out, int status) {
        int index = StaticTable.status(status);
        if (index != 0) {
            out.writeByte(INDEXED | index);
        } else {
            named(out, StaticTable.STATUS_200, Integer.toString(status));
        }
    }

    private static void field(ByteBuf out, Headers fields, int field) {
        int index = StaticTable.name(fields, field);
        int kind = isSecret(index) ? NEVER_INDEXED : NOT_INDEXED;
        number(out, kind, 4, index);
        if (index == 0) {
            number(out, 0, 7, fields.nameLength(field));
            fields.writeLowerName(field, out);
        }
        number(out, 0, 7, fields.valueLength(field));
        fields.writeValue(field, out);
    }

    /** RFC 7541 section 7.1.3: nobody on the way is to keep credentials in a table. */
    private static boolean isSecret(int index) {
        return switch (index) {
            case 23, 32, 49, 55 -> true; // authorization, cookie, proxy-authorization, set-cookie
            default -> false;
        };
    }

    /** RFC 9113 section 8.2.2; Host goes as the authority. */
    private static boolean isForOneHop(Headers fields, int field) {
        return switch (fields.nameLength(field)) {
            case 2 -> fields.isNamed(field, "te") && !fields.value(field).equals("trailers");
            case 4 -> fields.isNamed(field, "host");
            case 7 -> fields.isNamed(field, "upgrade");
            case 10 -> fields.isNamed(field, "connection") || fields.isNamed(field, "keep-alive");
            case 14 -> fields.isNamed(field, "http2-settings");
            case 16 -> fields.isNamed(field, "proxy-connection");
            case 17 -> fields.isNamed(field, "transfer-encoding");
            default -> false;
        };
    }

    private static void named(ByteBuf out, int index, String value) {
        number(out, NOT_INDEXED, 4, index);
        text(out, value);
    }

    private static void text(ByteBuf out, CharSequence text) {
        number(out, 0, 7, text.length());
        ByteBufUtil.writeAscii(out, text);
    }

    /** RFC 7541 section 5.1. */
    private static void number(ByteBuf out, int kind, int prefixBits, int value) {
        int limit = (1 << prefixBits) - 1;
        if (value < limit) {
            out.writeByte(kind | value);
            return;
        }
        out.writeByte(kind | limit);
        int rest = value - limit;
        while (rest > 0x7f) {
            out.writeByte(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }

    @Override
    public Configuration configuration() {
        return this;
    }

    @Override
    public void maxHeaderTableSize(long max) {
        // What the peer would remember is not used.
    }

    @Override
    public long maxHeaderTableSize() {
        return 0;
    }

    @Override
    public void maxHeaderListSize(long max) {
        maxListSize = max;
    }

    @Override
    public long maxHeaderListSize() {
        return maxListSize;
    }
}
