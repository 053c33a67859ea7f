/**
 * The peer of the benchmarks: Spring Cloud Gateway with one route.
 *
 * <p>Start here: {@link dev.perimeter.benchmarks.GatewayPeer}.
 */
@NullMarked
package dev.perimeter.benchmarks;

import org.jspecify.annotations.NullMarked;
