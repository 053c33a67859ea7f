package dev.perimeter.proxy.benchmarks.pace;

/**
 * When the requests of one place leave, in nanoseconds of {@link System#nanoTime}.
 *
 * @param first when the first leaves
 * @param period from one to the next
 * @param measured requests that leave before this do not count
 * @param end none leaves at this moment or later
 */
record Schedule(long first, long period, long measured, long end) {}
