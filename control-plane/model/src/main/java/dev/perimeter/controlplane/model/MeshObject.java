package dev.perimeter.controlplane.model;

/** One object of the resource model, whole and valid in itself; whether its references lead anywhere is not known. */
public sealed interface MeshObject
        permits Namespace, Service, EndpointSlice, Deployment, GatewayClass, Gateway, HttpRoute {
    Meta meta();

    default ObjectKey key() {
        return meta().key();
    }
}
