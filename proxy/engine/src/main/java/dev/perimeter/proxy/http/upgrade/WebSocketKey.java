package dev.perimeter.proxy.http.upgrade;

import dev.perimeter.proxy.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The proof that a server knows WebSocket. HTTP/1.1 wants one (RFC 6455 section 1.3), HTTP/2 knows none (RFC 8441
 * section 5): where a hop changes the version, the proxy is the one who asks for it, or the one who gives it.
 */
public final class WebSocketKey {

    public static final String KEY = "sec-websocket-key";
    public static final String ACCEPT = "sec-websocket-accept";

    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int LENGTH = 16;

    private WebSocketKey() {}

    public static boolean isFor(RequestHead head) {
        return "websocket".equalsIgnoreCase(head.upgrade());
    }

    /** A key no one can have guessed wrong by accident; it is no secret. */
    public static String fresh() {
        byte[] bytes = new byte[LENGTH];
        ThreadLocalRandom.current().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** What a server answers to this key (RFC 6455 section 4.2.2). */
    public static String accept(String key) {
        try {
            byte[] joined = (key.strip() + MAGIC).getBytes(StandardCharsets.ISO_8859_1);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(joined));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-1", impossible);
        }
    }

    /** Whether this is the answer to that key. */
    public static boolean proves(@Nullable String answer, String key) {
        return answer != null && answer.strip().equals(accept(key));
    }
}
