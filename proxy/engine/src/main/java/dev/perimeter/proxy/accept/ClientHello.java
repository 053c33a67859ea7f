package dev.perimeter.proxy.accept;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads of a TLS client hello (RFC 8446 section 4.1.2) the two extensions that choose a filter chain: server_name (RFC
 * 6066 section 3) and application_layer_protocol_negotiation (RFC 7301). The bytes are looked at and not consumed.
 */
final class ClientHello {

    /** Envoy's bound, too. */
    private static final int LONGEST = 16 * 1024;

    private static final int RECORD_HEADER = 5;
    private static final int HANDSHAKE_HEADER = 4;
    private static final int HANDSHAKE_RECORD = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_NAME = 0;
    private static final int ALPN = 16;

    private @Nullable String serverName;
    private List<String> protocols = List.of();

    private ClientHello() {}

    /** Puts what the client says into the facts. */
    static Opening read(ByteBuf bytes, ConnectionFacts facts) {
        int available = bytes.readableBytes();
        if (available > 0 && bytes.getUnsignedByte(bytes.readerIndex()) != HANDSHAKE_RECORD
                || available > 1 && bytes.getUnsignedByte(bytes.readerIndex() + 1) != 3) {
            return Opening.NO;
        }
        byte[] handshake = new byte[Math.min(available, LONGEST)];
        int length = handshake(bytes, handshake);
        if (length < 0 || length > 0 && handshake[0] != CLIENT_HELLO) {
            return Opening.NO;
        }
        if (length < HANDSHAKE_HEADER) {
            return Opening.MORE;
        }
        int wanted = (handshake[1] & 0xff) << 16 | (handshake[2] & 0xff) << 8 | handshake[3] & 0xff;
        if (wanted > LONGEST - HANDSHAKE_HEADER) {
            return Opening.NO;
        }
        if (length < HANDSHAKE_HEADER + wanted) {
            return Opening.MORE;
        }
        ClientHello hello = new ClientHello();
        if (!hello.body(ByteBuffer.wrap(handshake, HANDSHAKE_HEADER, wanted))) {
            return Opening.NO;
        }
        facts.tls(hello.serverName, hello.protocols);
        return Opening.YES;
    }

    /** Joins what lies in the records so far; negative when these are no handshake records. */
    private static int handshake(ByteBuf bytes, byte[] into) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        int length = 0;
        while (end - at >= RECORD_HEADER) {
            int size = bytes.getUnsignedShort(at + 3);
            if (bytes.getUnsignedByte(at) != HANDSHAKE_RECORD || size == 0) {
                return -1;
            }
            int take = Math.min(Math.min(size, end - at - RECORD_HEADER), into.length - length);
            bytes.getBytes(at + RECORD_HEADER, into, length, take);
            length += take;
            at += RECORD_HEADER + size;
            if (length >= HANDSHAKE_HEADER) {
                int wanted = (into[1] & 0xff) << 16 | (into[2] & 0xff) << 8 | into[3] & 0xff;
                if (length >= HANDSHAKE_HEADER + wanted) {
                    break;
                }
            }
        }
        return length;
    }

    private boolean body(ByteBuffer hello) {
        // Version and random, then three lists we have no use for.
        if (!skip(hello, 34)
                || !skip(hello, unsigned(hello, 1))
                || !skip(hello, unsigned(hello, 2))
                || !skip(hello, unsigned(hello, 1))) {
            return false;
        }
        if (!hello.hasRemaining()) {
            return true;
        }
        int extensions = unsigned(hello, 2);
        if (extensions != hello.remaining()) {
            return false;
        }
        while (hello.hasRemaining()) {
            int type = unsigned(hello, 2);
            int size = unsigned(hello, 2);
            if (size < 0 || size > hello.remaining()) {
                return false;
            }
            ByteBuffer content = hello.slice(hello.position(), size);
            hello.position(hello.position() + size);
            if (type == SERVER_NAME && !serverName(content) || type == ALPN && !protocols(content)) {
                return false;
            }
        }
        return true;
    }

    private boolean serverName(ByteBuffer content) {
        int list = unsigned(content, 2);
        while (list >= 0 && content.hasRemaining()) {
            int type = unsigned(content, 1);
            String name = text(content, unsigned(content, 2));
            if (name == null) {
                return false;
            }
            if (type == 0 && serverName == null && !name.isEmpty()) {
                serverName = name.toLowerCase(Locale.ROOT);
            }
        }
        return list >= 0;
    }

    private boolean protocols(ByteBuffer content) {
        int list = unsigned(content, 2);
        List<String> found = new ArrayList<>(2);
        while (list >= 0 && content.hasRemaining()) {
            String protocol = text(content, unsigned(content, 1));
            if (protocol == null) {
                return false;
            }
            found.add(protocol);
        }
        protocols = List.copyOf(found);
        return list >= 0;
    }

    private static @Nullable String text(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** A number of one or two bytes; negative when they are not there. */
    private static int unsigned(ByteBuffer in, int size) {
        if (in.remaining() < size) {
            return -1;
        }
        return size == 1 ? in.get() & 0xff : in.getShort() & 0xffff;
    }

    private static boolean skip(ByteBuffer in, int count) {
        if (count < 0 || count > in.remaining()) {
            return false;
        }
        in.position(in.position() + count);
        return true;
    }
}
