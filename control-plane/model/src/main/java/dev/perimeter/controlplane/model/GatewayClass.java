package dev.perimeter.controlplane.model;

/**
 * Which controller serves the Gateways of a class.
 *
 * @param controllerName a domain-prefixed path; ours is {@link #OURS}
 */
public record GatewayClass(Meta meta, String controllerName) implements MeshObject {
    /** The controller name this control plane answers to. */
    public static final String OURS = "perimeter.dev/gateway";
}
