package dev.perimeter.proxy.xds.control;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/** The one thread on which configuration is followed, and its clock. Tasks run one after the other. */
public interface ControlThread extends Executor {

    /** Runs a task on this thread when the time has passed. */
    Timer schedule(Duration delay, Runnable task);

    InstantSource clock();

    /** A task that waits for its time. */
    interface Timer {

        /** Nothing happens if it has run already. */
        void cancel();
    }
}
