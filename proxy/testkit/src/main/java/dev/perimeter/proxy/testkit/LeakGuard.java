package dev.perimeter.proxy.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class after which a buffer was collected that nobody had released, with Netty's leak detection at its
 * paranoid level: every buffer is watched.
 *
 * <p>Stands over every test class of a module that has the testkit among its libraries: JUnit finds it by ServiceLoader,
 * and makes it before the first test class is initialised. Netty must be told before its first buffer.
 */
public final class LeakGuard implements BeforeAllCallback, AfterAllCallback {

    private static final Queue<String> REPORTS = new ConcurrentLinkedQueue<>();
    private static final int ROUNDS = 3;
    private static final long ROUND_MILLIS = 5_000;

    static {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            @SuppressWarnings("deprecation") // abstract in the base class
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                    Class<T> resource, int samplingInterval, long maxActive) {
                return new Detector<>(resource, samplingInterval);
            }
        });
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        ByteBufAllocator.DEFAULT.buffer().release();
        if (!Detector.inUse || ResourceLeakDetector.getLevel() != ResourceLeakDetector.Level.PARANOID) {
            throw new IllegalStateException("LeakGuard sees nothing: Netty made buffers before it came");
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        List<String> reports = collect();
        if (!reports.isEmpty()) {
            throw new AssertionError(reports.size() + " leaked buffers, the first: " + reports.get(0));
        }
    }

    /** Collects garbage until leaks so far must have been seen, and takes the reports. */
    public static List<String> collect() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            awaitCollection();
            // Netty looks for leaks when it hands out the next tracked buffer.
            ByteBuf buffer = ByteBufAllocator.DEFAULT.buffer();
            buffer.release();
        }
        List<String> reports = List.copyOf(REPORTS);
        REPORTS.removeAll(reports);
        return reports;
    }

    private static void awaitCollection() throws InterruptedException {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        PhantomReference<Object> sentinel = new PhantomReference<>(new Object(), queue);
        System.gc();
        if (queue.remove(ROUND_MILLIS) != sentinel) {
            throw new IllegalStateException("no garbage collection within " + ROUND_MILLIS + " ms");
        }
    }

    /** Netty's detector, with its reports kept. */
    private static final class Detector<T> extends ResourceLeakDetector<T> {

        private static volatile boolean inUse;

        Detector(Class<?> type, int samplingInterval) {
            super(type, samplingInterval);
            inUse = true;
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String type, String records) {
            REPORTS.add(type + " " + records);
        }

        @Override
        protected void reportUntracedLeak(String type) {
            REPORTS.add(type);
        }
    }
}
