/**
 * gRPC's own interop cases, from client to server through two proxies. Start here: {@link
 * dev.perimeter.proxy.sidecar.grpc.GrpcInteropCases}; {@code GrpcHops} is the way.
 */
package dev.perimeter.proxy.sidecar.grpc;
