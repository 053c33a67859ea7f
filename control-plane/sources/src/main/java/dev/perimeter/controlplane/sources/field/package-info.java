/**
 * Reading one mapping or one value strictly, with a problem for everything that is not as it should be.
 *
 * <p>Start here: {@link dev.perimeter.controlplane.sources.field.Fields}, then
 * {@link dev.perimeter.controlplane.sources.field.Value}.
 */
@NullMarked
package dev.perimeter.controlplane.sources.field;

import org.jspecify.annotations.NullMarked;
