/**
 * The peer of the benchmarks: Vert.x' HTTP proxy with one origin.
 *
 * <p>Start here: {@link dev.perimeter.benchmarks.VertxPeer}.
 */
package dev.perimeter.benchmarks;
