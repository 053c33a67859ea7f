package dev.perimeter.proxy.retry;

import dev.perimeter.proxy.http.Headers;

/** The outcome of a gRPC call as a HTTP status (googleapis code.proto), for those who count by classes of status. */
public final class GrpcStatus {

    private GrpcStatus() {}

    /** @param last the trailers, or the head if the answer has no more than that; 200 when it names no status */
    public static int toHttp(Headers last) {
        String status = last.get("grpc-status");
        return status == null ? 200 : toHttp(status);
    }

    private static int toHttp(String status) {
        return switch (status) {
            case "0" -> 200;
            case "1" -> 499;
            case "3", "9", "11" -> 400;
            case "4" -> 504;
            case "5" -> 404;
            case "6", "10" -> 409;
            case "7" -> 403;
            case "8" -> 429;
            case "12" -> 501;
            case "14" -> 503;
            case "16" -> 401;
            default -> 500;
        };
    }
}
