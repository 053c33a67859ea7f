package dev.perimeter.proxy.failure;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.ResponseHead;

/**
 * A reply of the proxy itself as a gRPC client wants it: the outcome of the call in a head with nothing behind it
 * ("Trailers-Only" in <a href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md">gRPC over HTTP/2</a>),
 * since a status and a text of HTTP would reach the caller as UNKNOWN.
 */
public final class GrpcReply {

    static final int UNKNOWN = 2;
    static final int DEADLINE_EXCEEDED = 4;
    static final int PERMISSION_DENIED = 7;
    static final int UNIMPLEMENTED = 12;
    static final int INTERNAL = 13;
    static final int UNAVAILABLE = 14;
    static final int UNAUTHENTICATED = 16;

    private static final String HEX = "0123456789ABCDEF";

    private GrpcReply() {}

    /** What a HTTP status stands for to a gRPC client, as the protocol's own mapping and Envoy have it. */
    public static int ofHttp(int status) {
        return switch (status) {
            case 400 -> INTERNAL;
            case 401 -> UNAUTHENTICATED;
            case 403 -> PERMISSION_DENIED;
            case 404 -> UNIMPLEMENTED;
            case 429, 502, 503, 504 -> UNAVAILABLE;
            default -> UNKNOWN;
        };
    }

    /**
     * The whole answer.
     *
     * @param message UTF-8; left out when empty
     */
    public static ResponseHead head(int grpcStatus, byte[] message) {
        return head(grpcStatus, message, new Headers());
    }

    /** @param headers that go with it; a status and a message that stand there already are kept */
    public static ResponseHead head(int grpcStatus, byte[] message, Headers headers) {
        headers.remove("content-length");
        headers.set("content-type", "application/grpc");
        if (!headers.contains("grpc-status")) {
            headers.add("grpc-status", Integer.toString(grpcStatus));
        }
        if (message.length > 0 && !headers.contains("grpc-message")) {
            headers.add("grpc-message", encoded(message));
        }
        return new ResponseHead(200, "", headers);
    }

    /** "Percent-Encoded" of the protocol: visible ASCII and the space stay, other than the percent sign. */
    public static String encoded(byte[] message) {
        StringBuilder out = new StringBuilder(message.length);
        for (byte b : message) {
            if (b >= ' ' && b <= '~' && b != '%') {
                out.append((char) b);
            } else {
                out.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
            }
        }
        return out.toString();
    }
}
