package dev.perimeter.labs.localproxy;

import io.netty.channel.EventLoop;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at the event loop's thread again and again and remembers where the relay's code made it stand still. A loop that
 * waits for work sits in its selector, which is not in the relay's code; a loop that waits inside the relay's code keeps
 * every other connection waiting too.
 */
final class LoopWatch {

    private volatile String stood = "-";

    private LoopWatch() {}

    static LoopWatch start(EventLoop loop, Class<?> relay) throws InterruptedException {
        Thread watched = loop.submit(Thread::currentThread).sync().getNow();
        LoopWatch watch = new LoopWatch();
        Thread.ofPlatform().daemon().name("loop-watch").start(() -> {
            while (true) {
                watch.look(watched, relay);
                LockSupport.parkNanos(1_000_000);
            }
        });
        return watch;
    }

    private void look(Thread watched, Class<?> relay) {
        Thread.State state = watched.getState();
        if (state == Thread.State.RUNNABLE || !stood.equals("-")) {
            return;
        }
        Arrays.stream(watched.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith(relay.getName()))
                .findFirst()
                .filter(frame -> watched.getState() != Thread.State.RUNNABLE)
                .ifPresent(frame -> stood = state + " in "
                        + frame.getClassName().substring(relay.getPackageName().length() + 1) + "."
                        + frame.getMethodName()
                        + " (line " + frame.getLineNumber() + ")");
    }

    /** Where the loop stood still, or {@code -}. */
    String stood() {
        return stood;
    }
}
