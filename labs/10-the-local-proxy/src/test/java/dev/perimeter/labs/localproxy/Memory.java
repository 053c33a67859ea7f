package dev.perimeter.labs.localproxy;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where every connection of this process takes its buffers from, and what became of them. A buffer counts as handed out
 * until it is released, whether somebody still knows it or not; what was taken elsewhere counts as lost when it was
 * collected without being released.
 */
final class Memory {

    /** How long connections that have just been closed may take to give back what they hold. */
    private static final int PATIENCE_MILLIS = 3_000;

    private static final int ONE_MEGABYTE = 7;

    private final PooledByteBufAllocator allocator = new PooledByteBufAllocator(
            true,
            1,
            1,
            PooledByteBufAllocator.defaultPageSize(),
            ONE_MEGABYTE,
            PooledByteBufAllocator.defaultSmallCacheSize(),
            PooledByteBufAllocator.defaultNormalCacheSize(),
            false);

    private final AtomicInteger lost = new AtomicInteger();

    private Memory() {}

    /** From here on buffers are counted; at most one in a process. */
    static Memory counted() {
        Memory memory = new Memory();
        ByteBufUtil.setLeakListener((type, records) -> memory.lost.incrementAndGet());
        return memory;
    }

    ByteBufAllocator allocator() {
        return allocator;
    }

    /** What is left when all connections are closed, such as {@code 0 bytes held, 0 buffers lost}. */
    String left() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        while (held() > 0 && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        collect();
        return held() + " bytes held, " + lost.get() + " buffers lost";
    }

    private long held() {
        return allocator.pinnedDirectMemory() + allocator.pinnedHeapMemory();
    }

    /** Buffers that nobody released are reported when they were collected and a further one is allocated. */
    private void collect() throws InterruptedException {
        for (int round = 0; round < 3; round++) {
            System.gc();
            Thread.sleep(20);
            for (int i = 0; i < 200; i++) {
                allocator.directBuffer(64).release();
            }
        }
    }
}
