package dev.perimeter.controlplane.model;

/** A Kubernetes namespace; only its existence and labels matter to the mesh. */
public record Namespace(Meta meta) implements MeshObject {}
