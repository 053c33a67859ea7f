package dev.perimeter.proxy.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.testkit.LeakGuard;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

/** A guard that never speaks proves nothing. */
class LeakGuardTest {

    @Test
    void bufferThatNobodyReleased_isReported() throws InterruptedException {
        // Netty tells each story of a leak once, so this one is told anew.
        ByteBufAllocator.DEFAULT.buffer().touch(System.nanoTime());
        assertThat(LeakGuard.collect()).anyMatch(report -> report.contains("LeakGuardTest"));
    }
}
