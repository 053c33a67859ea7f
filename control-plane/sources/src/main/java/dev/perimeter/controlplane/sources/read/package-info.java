/**
 * From trees to the model, one file per kind, every field asked for by name.
 *
 * <p>Start here: {@link dev.perimeter.controlplane.sources.read.ObjectReader}, then
 * {@link dev.perimeter.controlplane.sources.read.Kind} (the catalogue).
 */
@NullMarked
package dev.perimeter.controlplane.sources.read;

import org.jspecify.annotations.NullMarked;
