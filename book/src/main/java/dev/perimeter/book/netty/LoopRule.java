package dev.perimeter.book.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

/** What to do with work that takes its time, and how to come back from it. */
public final class LoopRule {

    private LoopRule() {}

    // tag::elsewhere[]
    /** Runs slow work on another thread and answers on the connection's own loop. */
    public static void answerLater(Channel connection, Executor elsewhere, Callable<Object> slow) {
        elsewhere.execute(
                () -> { // <1>
                    try {
                        Object answer = slow.call();
                        connection.eventLoop().execute(() -> connection.writeAndFlush(answer)); // <2>
                    } catch (Exception failed) {
                        connection.close();
                    }
                });
    }
    // end::elsewhere[]

    // tag::listener[]
    /** A future of Netty is not waited for: it is told what to do when it is done. */
    public static void closeAfter(ChannelFuture lastWrite) {
        lastWrite.addListener((ChannelFuture done) -> done.channel().close());
    }
    // end::listener[]
}
