package dev.perimeter.book.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnershipTest {

    private final ByteBuf bytes = ByteBufUtil.writeUtf8(UnpooledByteBufAllocator.DEFAULT, "paid");

    @Test
    void consume_readerIsDone_bufferIsReleased() {
        List<String> seen = new ArrayList<>();

        Ownership.consume(bytes, seen::add);

        assertThat(seen).containsExactly("paid");
        assertThat(bytes.refCnt()).isZero();
    }

    @Test
    void consume_readerFails_bufferIsReleased() {
        assertThatThrownBy(() -> Ownership.consume(bytes, text -> {
                    throw new IllegalStateException(text);
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(bytes.refCnt()).isZero();
    }

    @Test
    void passOn_channelIsClosed_bufferIsReleased() {
        EmbeddedChannel closed = new EmbeddedChannel();
        closed.close();

        Ownership.passOn(bytes, closed);

        assertThat(bytes.refCnt()).isZero();
    }

    @Test
    void passOnTwice_bothTake_noneIsLeft() {
        EmbeddedChannel one = new EmbeddedChannel();
        EmbeddedChannel other = new EmbeddedChannel();

        Ownership.passOnTwice(bytes, one, other);

        assertThat(bytes.refCnt()).isEqualTo(2);
        Ownership.consume(one.readOutbound(), text -> assertThat(text).isEqualTo("paid"));
        Ownership.consume(other.readOutbound(), text -> assertThat(text).isEqualTo("paid"));
        assertThat(bytes.refCnt()).isZero();
    }
}
