/**
 * Reads resources into the model, strictly, and reports each bad one with its file, line and field.
 *
 * <p>Start here: {@link dev.perimeter.controlplane.sources.ResourceReader} (one text) and
 * {@link dev.perimeter.controlplane.sources.FileSource} (a folder that is watched).
 */
@NullMarked
package dev.perimeter.controlplane.sources;

import org.jspecify.annotations.NullMarked;
