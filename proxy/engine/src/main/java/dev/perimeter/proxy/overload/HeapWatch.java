package dev.perimeter.proxy.overload;

import dev.perimeter.proxy.overload.OverloadConfig.Action;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures how full the memory is and tells the {@link Overload}. On a thread of its own, as event loops may be the very
 * thing that cannot keep up.
 *
 * <p>Implementation note. What stands in the heap now is mostly garbage, so the measure is what the last collection left.
 * A collection of the young part alone leaves the garbage of the old part standing. Before that may be held against a
 * client, one collection of the whole heap is asked for, at most once in five seconds: without it a proxy that sheds its
 * load would allocate nothing, collect nothing and never find out that it has room again.
 */
public final class HeapWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HeapWatch.class);

    private static final long BETWEEN_FULL_COLLECTIONS = TimeUnit.SECONDS.toNanos(5);

    private final Overload overload;
    private final LongSupplier buffers;
    private final Consumer<Boolean> accepting;
    private final DoubleConsumer resetting;
    private final Set<String> heapPools = new HashSet<>();
    private final ScheduledExecutorService thread;
    private long lastFull = System.nanoTime() - BETWEEN_FULL_COLLECTIONS;
    private boolean accepts = true;
    private boolean sheds;

    private HeapWatch(Overload overload, LongSupplier buffers, Consumer<Boolean> accepting, DoubleConsumer resetting) {
        this.overload = overload;
        this.buffers = buffers;
        this.accepting = accepting;
        this.resetting = resetting;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP) {
                heapPools.add(pool.getName());
            }
        }
        thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("overload").factory());
    }

    /**
     * Begins to watch, if there is anything to watch for.
     *
     * @param buffers bytes in use outside the heap
     * @param accepting told when listeners are to stop and to begin to take connections
     * @param resetting told at each look with what force streams are to be reset, if at all
     */
    public static HeapWatch start(
            Overload overload, LongSupplier buffers, Consumer<Boolean> accepting, DoubleConsumer resetting) {
        HeapWatch watch = new HeapWatch(overload, buffers, accepting, resetting);
        if (!overload.config().triggers().isEmpty()) {
            long every = Math.max(1, overload.config().refresh().toMillis());
            watch.thread.scheduleWithFixedDelay(watch::look, every, every, TimeUnit.MILLISECONDS);
        }
        return watch;
    }

    /** Never fails: a task that does is never run again, and what was said last would hold for ever. */
    private void look() {
        try {
            measureOrTell();
        } catch (OutOfMemoryError shortage) {
            // To be expected here of all places. The next look comes soon, and there is no memory to say more.
        }
    }

    private void measureOrTell() {
        try {
            measure();
        } catch (RuntimeException defect) {
            LOG.error("the pressure cannot be measured", defect);
        }
    }

    private void measure() {
        long max = overload.config().maxHeapBytes();
        double pressure = max == 0 ? 0 : pressure(max);
        Map<Action, Double> force = overload.measured(pressure);
        if (max > 0 && force.values().stream().anyMatch(part -> part > 0) && mayCollect()) {
            collect();
            pressure = pressure(max);
            force = overload.measured(pressure);
        }
        boolean accept = force.getOrDefault(Action.STOP_ACCEPTING_CONNECTIONS, 0.0) < 1;
        if (accept != accepts) {
            accepts = accept;
            accepting.accept(accept);
        }
        double reset = force.getOrDefault(Action.RESET_HIGH_MEMORY_STREAM, 0.0);
        if (reset > 0) {
            resetting.accept(reset);
        }
        boolean now = force.entrySet().stream()
                .anyMatch(entry -> entry.getKey() != Action.SHRINK_HEAP && entry.getValue() > 0);
        if (now != sheds) {
            sheds = now;
            LOG.info(
                    now ? "load is shed: memory is at {} % of its bound" : "load is taken again: memory is at {} %",
                    Math.round(pressure * 100));
        }
    }

    private boolean mayCollect() {
        return System.nanoTime() - lastFull >= BETWEEN_FULL_COLLECTIONS;
    }

    private void collect() {
        lastFull = System.nanoTime();
        System.gc();
    }

    private double pressure(long max) {
        return (double) (afterLastCollection() + buffers.getAsLong()) / max;
    }

    /** Of all collectors the one that ran last tells how much was left in every part of the heap. */
    private long afterLastCollection() {
        long latest = -1;
        long left = 0;
        for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (bean instanceof com.sun.management.GarbageCollectorMXBean collector
                    && collector.getLastGcInfo() != null
                    && collector.getLastGcInfo().getEndTime() > latest) {
                latest = collector.getLastGcInfo().getEndTime();
                left = 0;
                for (Map.Entry<String, MemoryUsage> pool :
                        collector.getLastGcInfo().getMemoryUsageAfterGc().entrySet()) {
                    left += heapPools.contains(pool.getKey()) ? pool.getValue().getUsed() : 0;
                }
            }
        }
        return left;
    }

    /** Waits for a look that is under way: it may tell event loops something, which must not be gone before it. */
    @Override
    public void close() {
        thread.close();
    }
}
