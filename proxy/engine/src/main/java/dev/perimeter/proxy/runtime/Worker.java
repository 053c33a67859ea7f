package dev.perimeter.proxy.runtime;

import dev.perimeter.proxy.observe.LoopLog;
import dev.perimeter.proxy.overload.Overload;
import dev.perimeter.proxy.overload.StreamAccounts;
import dev.perimeter.proxy.upstream.Upstreams;
import io.netty.channel.EventLoop;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * One event loop and what belongs to it alone, so that no request ever takes a lock.
 *
 * @param number from 0, the index of its cells in every metric
 * @param clock monotonic nanoseconds
 * @param calendar the time of day, for logs
 * @param accounts of the streams of this loop
 */
public record Worker(
        int number,
        EventLoop loop,
        Upstreams upstreams,
        LoopLog log,
        LongSupplier clock,
        InstantSource calendar,
        RandomGenerator random,
        InternalListeners internalListeners,
        Overload overload,
        StreamAccounts accounts) {}
