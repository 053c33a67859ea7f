package dev.perimeter.proxy.story.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.story.RunningProxy;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Looks at what a proxy holds while something goes on: its buffers every millisecond, the heap now and then. */
final class HeldMemory implements AutoCloseable {

    private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long BETWEEN_COLLECTIONS = TimeUnit.MILLISECONDS.toNanos(700);

    private final RunningProxy proxy;
    private final long before = heap();
    private final Thread thread = Thread.ofPlatform().unstarted(this::watch);
    private volatile boolean over;
    private long mostBuffered;
    private long mostHeap;

    private HeldMemory(RunningProxy proxy) {
        this.proxy = proxy;
    }

    static HeldMemory watching(RunningProxy proxy) {
        HeldMemory memory = new HeldMemory(proxy);
        memory.thread.start();
        return memory;
    }

    private void watch() {
        long nextCollection = System.nanoTime() + BETWEEN_COLLECTIONS / 2;
        while (!over) {
            mostBuffered = Math.max(mostBuffered, proxy.dataPlane().bufferedBytes());
            if (System.nanoTime() > nextCollection) {
                mostHeap = Math.max(mostHeap, heap() - before);
                nextCollection = System.nanoTime() + BETWEEN_COLLECTIONS;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS);
        }
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Ends the watch. */
    void stayedBelow(long buffered, long heap) {
        close();
        assertThat(mostBuffered).as("most bytes in buffers").isPositive().isLessThan(buffered);
        assertThat(mostHeap).as("most bytes of heap more than before").isLessThan(heap);
    }

    @Override
    public void close() {
        over = true;
        boolean stopped = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                stopped = true;
            }
        }
        if (stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return mostBuffered / 1024 + " KiB in buffers, " + mostHeap / 1024 + " KiB of heap more";
    }
}
