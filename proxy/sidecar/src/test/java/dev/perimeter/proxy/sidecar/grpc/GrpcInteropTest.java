package dev.perimeter.proxy.sidecar.grpc;

/** Over plain HTTP/2 all the way. */
class GrpcInteropTest extends GrpcInteropCases {

    GrpcInteropTest() {
        super(GrpcHops.Security.NONE);
    }
}
