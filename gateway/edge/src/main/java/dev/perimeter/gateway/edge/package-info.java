/**
 * The gateway as a process: a sidecar with the north-south filters added.
 *
 * <p>Start here: {@link dev.perimeter.gateway.edge.Main}.
 */
@NullMarked
package dev.perimeter.gateway.edge;

import org.jspecify.annotations.NullMarked;
