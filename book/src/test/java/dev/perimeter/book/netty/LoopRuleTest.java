package dev.perimeter.book.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class LoopRuleTest {

    private final EmbeddedChannel connection = new EmbeddedChannel();
    private final Deque<Runnable> elsewhere = new ArrayDeque<>();

    @Test
    void answerLater_workIsDone_answersOnTheLoop() {
        LoopRule.answerLater(connection, elsewhere::add, () -> "done");
        elsewhere.remove().run();
        assertThat(connection.<Object>readOutbound())
                .as("not from the other thread")
                .isNull();

        connection.runPendingTasks();

        assertThat(connection.<Object>readOutbound()).isEqualTo("done");
    }

    @Test
    void answerLater_workFails_closes() {
        LoopRule.answerLater(connection, elsewhere::add, () -> {
            throw new IllegalStateException("no");
        });
        elsewhere.remove().run();
        connection.runPendingTasks();

        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void closeAfter_writeIsDone_closes() {
        LoopRule.closeAfter(connection.writeAndFlush("last"));

        assertThat(connection.isOpen()).isFalse();
        assertThat(connection.<Object>readOutbound()).isEqualTo("last");
    }
}
