/**
 * What the parts of a request's way cost by themselves; {@code scripts/bench.sh micro} runs them. Start here: {@link
 * dev.perimeter.proxy.benchmarks.ParserBench}.
 */
@NullMarked
package dev.perimeter.proxy.benchmarks;

import org.jspecify.annotations.NullMarked;
