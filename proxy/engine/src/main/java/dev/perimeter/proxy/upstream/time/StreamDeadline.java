package dev.perimeter.proxy.upstream.time;

import dev.perimeter.proxy.http.ClientStream;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.ResponseHandler;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.http.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Ends an exchange that takes longer than any may on its cluster (Envoy: max_stream_duration); few clusters have it. */
public final class StreamDeadline implements ResponseHandler {

    private final ResponseHandler handler;
    private final Duration most;
    private final Future<?> timer;
    private @Nullable ClientStream stream;
    private boolean ended;

    public StreamDeadline(ResponseHandler handler, Duration most, EventLoop loop) {
        this.handler = handler;
        this.most = most;
        this.timer = loop.schedule(this::expired, most.toNanos(), TimeUnit.NANOSECONDS);
    }

    public ClientStream watch(ClientStream watched) {
        stream = watched;
        return watched;
    }

    private void expired() {
        if (!ended && stream != null) {
            ended = true;
            stream.reset();
            handler.onReset(new StreamReset(
                    StreamReset.Cause.TIMEOUT, false, "the exchange took longer than " + most.toMillis() + " ms"));
        }
    }

    private void ended(boolean endOfStream) {
        if (endOfStream) {
            ended = true;
            timer.cancel(false);
        }
    }

    @Override
    public void onInformational(ResponseHead head) {
        handler.onInformational(head);
    }

    @Override
    public void onHead(ResponseHead head, boolean endOfStream) {
        ended(endOfStream);
        handler.onHead(head, endOfStream);
    }

    @Override
    public void onData(ByteBuf data, boolean endOfStream) {
        ended(endOfStream);
        handler.onData(data, endOfStream);
    }

    @Override
    public void onTrailers(Headers trailers) {
        ended(true);
        handler.onTrailers(trailers);
    }

    @Override
    public void onReset(StreamReset reason) {
        ended(true);
        handler.onReset(reason);
    }

    @Override
    public void onWritable() {
        handler.onWritable();
    }
}
