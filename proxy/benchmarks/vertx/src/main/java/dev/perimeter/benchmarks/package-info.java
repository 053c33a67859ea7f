/**
 * The peer of the benchmarks: Vert.x' HTTP proxy with one origin.
 *
 * <p>Start here: {@link dev.perimeter.benchmarks.VertxPeer}.
 */
@NullMarked
package dev.perimeter.benchmarks;

import org.jspecify.annotations.NullMarked;
