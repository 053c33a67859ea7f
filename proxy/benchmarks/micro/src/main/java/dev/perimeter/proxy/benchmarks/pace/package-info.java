/**
 * Requests at a steady pace, for {@code scripts/bench.sh latency} and {@code start}. Start here: {@link
 * dev.perimeter.proxy.benchmarks.pace.Pace}.
 */
@NullMarked
package dev.perimeter.proxy.benchmarks.pace;

import org.jspecify.annotations.NullMarked;
