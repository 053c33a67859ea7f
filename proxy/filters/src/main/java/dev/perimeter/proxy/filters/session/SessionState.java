package dev.perimeter.proxy.filters.session;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Address and port of a session's endpoint, as a client carries them. The form is Envoy's own, so that a session survives a
 * change from one proxy to the other. A client may write what it likes: only an address that the cluster has is ever used.
 */
public sealed interface SessionState {

    /** What the client brought, as {@code address:port}, or null. @param now seconds since 1970 */
    @Nullable
    String read(RequestHead request, long now);

    /** Tells the client its endpoint. @param path of the request @param now seconds since 1970 */
    void write(String host, String path, Headers response, long now);

    /** The address, or null for what is none. */
    static @Nullable InetSocketAddress address(String host) {
        int colon = host.lastIndexOf(':');
        if (colon <= 0) {
            return null;
        }
        String ip = host.substring(0, colon);
        try {
            boolean brackets = ip.startsWith("[") && ip.endsWith("]");
            return new InetSocketAddress(
                    InetAddress.ofLiteral(brackets ? ip.substring(1, ip.length() - 1) : ip),
                    Integer.parseInt(host.substring(colon + 1)));
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    private static byte @Nullable [] decoded(@Nullable String base64) {
        try {
            return base64 == null ? null : Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    /** Envoy: HeaderBasedSessionState. */
    record InHeader(String name) implements SessionState {

        @Override
        public @Nullable String read(RequestHead request, long now) {
            byte[] bytes = decoded(request.headers().get(name));
            return bytes == null ? null : new String(bytes, StandardCharsets.ISO_8859_1);
        }

        @Override
        public void write(String host, String path, Headers response, long now) {
            response.set(name, Base64.getEncoder().encodeToString(host.getBytes(StandardCharsets.ISO_8859_1)));
        }
    }

    /**
     * Envoy: CookieBasedSessionState. The value is a message of two fields, the address and when it ends.
     *
     * @param path the cookie is for requests below it alone; empty for all
     * @param ttlSeconds 0 for as long as the client runs
     */
    record InCookie(String name, String path, long ttlSeconds) implements SessionState {

        @Override
        public @Nullable String read(RequestHead request, long now) {
            if (!isBelow(request.path())) {
                return null;
            }
            byte[] bytes = decoded(cookie(request.headers()));
            return bytes == null ? null : address(bytes, now);
        }

        /** RFC 6265 section 5.1.4. */
        private boolean isBelow(String requested) {
            if (path.isEmpty() || path.equals("/")) {
                return true;
            }
            int end = requested.indexOf('?');
            String bare = end < 0 ? requested : requested.substring(0, end);
            return bare.equals(path)
                    || bare.startsWith(path) && (path.endsWith("/") || bare.charAt(path.length()) == '/');
        }

        private @Nullable String cookie(Headers headers) {
            for (int i = headers.indexOf("cookie", 0); i >= 0; i = headers.indexOf("cookie", i + 1)) {
                for (String pair : headers.value(i).split(";")) {
                    int equals = pair.indexOf('=');
                    if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                        String value = pair.substring(equals + 1).strip();
                        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
                        return quoted ? value.substring(1, value.length() - 1) : value;
                    }
                }
            }
            return null;
        }

        private static @Nullable String address(byte[] bytes, long now) {
            CookieMessage message = CookieMessage.read(bytes);
            if (message == null) {
                // Envoy before 1.27 wrote the address alone.
                return new String(bytes, StandardCharsets.ISO_8859_1);
            }
            return message.expires() != 0 && message.expires() < now ? null : message.address();
        }

        @Override
        public void write(String host, String requested, Headers response, long now) {
            if (!isBelow(requested)) {
                return;
            }
            byte[] message = new CookieMessage(host, ttlSeconds > 0 ? now + ttlSeconds : 0).bytes();
            String age = ttlSeconds > 0 ? "; Max-Age=" + ttlSeconds : "";
            String below = path.isEmpty() ? "" : "; Path=" + path;
            response.add(
                    "set-cookie",
                    name + "=\"" + Base64.getEncoder().encodeToString(message) + '"' + age + below + "; HttpOnly");
        }
    }
}
