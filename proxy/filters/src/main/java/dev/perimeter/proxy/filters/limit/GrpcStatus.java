package dev.perimeter.proxy.filters.limit;

/** gRPC's status codes where somebody who does not speak gRPC has to be told. */
public final class GrpcStatus {

    public static final int RESOURCE_EXHAUSTED = 8;
    public static final int UNAVAILABLE = 14;

    /** By code, as in google/rpc/code.proto, which gives the HTTP status of each. */
    private static final int[] HTTP = {
        200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401
    };

    private GrpcStatus() {}

    public static int http(int code) {
        return code >= 0 && code < HTTP.length ? HTTP[code] : 500;
    }
}
