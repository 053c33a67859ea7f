package dev.perimeter.proxy.sidecar.grpc;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What comes back on a streaming call, to be waited for. */
final class GrpcReplies<T> implements StreamObserver<T> {

    private static final int PATIENCE_SECONDS = 15;

    private final BlockingQueue<T> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<Status> end = new LinkedBlockingQueue<>();

    @Override
    public void onNext(T message) {
        messages.add(message);
    }

    @Override
    public void onError(Throwable cause) {
        end.add(Status.fromThrowable(cause));
    }

    @Override
    public void onCompleted() {
        end.add(Status.OK);
    }

    T next() throws InterruptedException {
        T message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message came; the call is at " + end.peek());
        }
        return message;
    }

    Status status() throws InterruptedException {
        Status status = end.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (status == null) {
            throw new AssertionError("the call did not end");
        }
        return status;
    }

    /** All messages that were not taken, once the call has ended. */
    List<T> rest() {
        List<T> rest = new ArrayList<>();
        messages.drainTo(rest);
        return rest;
    }
}
