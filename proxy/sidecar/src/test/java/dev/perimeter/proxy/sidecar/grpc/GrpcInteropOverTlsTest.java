package dev.perimeter.proxy.sidecar.grpc;

/** Over TLS all the way; between the proxies both show a certificate. */
class GrpcInteropOverTlsTest extends GrpcInteropCases {

    GrpcInteropOverTlsTest() {
        super(GrpcHops.Security.TLS);
    }
}
