package dev.perimeter.book.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OneWayPipeTest {

    private final SlowTarget slow = new SlowTarget();
    private final EmbeddedChannel target = new EmbeddedChannel(slow);
    private final CountingReads reads = new CountingReads();
    private final EmbeddedChannel source = new EmbeddedChannel(reads);

    @AfterEach
    void close() {
        source.finishAndReleaseAll();
        target.finishAndReleaseAll();
    }

    @Test
    void pipe_targetHasNotTakenTheBytes_readsNoMore() {
        source.config().setAutoRead(false);
        int before = reads.count;
        source.pipeline().addLast(new OneWayPipe(target));
        assertThat(reads.count - before).as("one read to begin with").isEqualTo(1);

        source.writeInbound(bytes());
        assertThat(reads.count - before).as("bytes are on their way").isEqualTo(1);

        slow.promises.remove().setSuccess();
        assertThat(reads.count - before).as("bytes were taken").isEqualTo(2);
    }

    @Test
    void pipe_targetFails_sourceIsClosed() {
        source.pipeline().addLast(new OneWayPipe(target));
        source.writeInbound(bytes());

        slow.promises.remove().setFailure(new IOException("reset"));

        assertThat(source.isOpen()).isFalse();
    }

    private static ByteBuf bytes() {
        return Unpooled.wrappedBuffer(new byte[] {1, 2, 3});
    }

    /** Takes what is written and keeps the promise open until the test decides. */
    private static final class SlowTarget extends ChannelDuplexHandler {
        final Deque<ChannelPromise> promises = new ArrayDeque<>();

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            ((ByteBuf) message).release();
            promises.add(promise);
        }
    }

    private static final class CountingReads extends ChannelDuplexHandler {
        int count;

        @Override
        public void read(ChannelHandlerContext context) {
            count++;
            context.read();
        }
    }
}
