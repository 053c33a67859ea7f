/**
 * The mesh as records: what the resources mean, free of YAML, Kubernetes and xDS.
 *
 * <p>Start here: {@link dev.perimeter.controlplane.model.MeshConfig} (the world at one moment),
 * {@link dev.perimeter.controlplane.model.HttpRoute} (its richest object) and
 * {@link dev.perimeter.controlplane.model.Problem} (what is said about a bad one).
 */
@NullMarked
package dev.perimeter.controlplane.model;

import org.jspecify.annotations.NullMarked;
