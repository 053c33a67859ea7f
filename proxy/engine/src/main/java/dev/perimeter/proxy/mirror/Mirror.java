package dev.perimeter.proxy.mirror;

import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.observe.Journal;
import dev.perimeter.proxy.observe.metric.ClusterMetric;
import dev.perimeter.proxy.route.Resilience;
import dev.perimeter.proxy.upstream.Downstream;
import dev.perimeter.proxy.upstream.UpstreamRequest;
import dev.perimeter.proxy.upstream.Upstreams;
import dev.perimeter.proxy.upstream.time.LazyTimer;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** One copy: a request of its own, tried once, whose answer is let go of. Belongs to the loop of the request it copies. */
final class Mirror implements Downstream {

    /** Envoy's default for a route without a timeout: a copy never runs for ever. */
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final Upstreams upstreams;
    private final Cluster cluster;
    private final UpstreamRequest request;
    private final LazyTimer timer;
    private final Duration timeout;
    private final Deque<ByteBuf> waiting = new ArrayDeque<>(2);
    private @Nullable Headers trailers;
    private int waitingBytes;
    private boolean takes;
    private boolean ended;
    private boolean over;

    Mirror(
            Upstreams upstreams,
            Cluster cluster,
            RequestHead head,
            boolean endOfStream,
            Journal journal,
            Duration timeout) {
        this.upstreams = upstreams;
        this.cluster = cluster;
        this.ended = endOfStream;
        this.timeout = timeout.isZero() ? TIMEOUT : timeout;
        this.request = new UpstreamRequest(upstreams, cluster, head, endOfStream, this, journal, Resilience.NONE);
        this.timer = new LazyTimer(upstreams.loop(), upstreams.clock(), this::late);
    }

    void start() {
        timer.at(upstreams.clock().getAsLong() + timeout.toNanos());
        request.start();
    }

    /** Takes ownership. */
    void data(ByteBuf data, boolean endOfStream) {
        if (over) {
            data.release();
            return;
        }
        ended = endOfStream;
        waiting.addLast(data);
        waitingBytes += data.readableBytes();
        flush();
        if (waitingBytes > Mirrors.MOST_WAITING_BYTES) {
            drop();
        }
    }

    void trailers(Headers last) {
        if (!over) {
            trailers = last;
            ended = true;
            flush();
        }
    }

    @Override
    public void upstreamTakesData(boolean now) {
        takes = now;
        flush();
    }

    private void flush() {
        while (takes && !over && !waiting.isEmpty()) {
            ByteBuf data = waiting.removeFirst();
            waitingBytes -= data.readableBytes();
            request.sendData(data, ended && trailers == null && waiting.isEmpty());
        }
        if (takes && !over && trailers != null && waiting.isEmpty()) {
            Headers last = trailers;
            trailers = null;
            request.sendTrailers(last);
        }
    }

    private void late() {
        request.timedOut();
        drop();
    }

    /** Given up: too slow, too much, or without the rest of its body. */
    void drop() {
        if (!over) {
            cluster.metrics().on(upstreams.loopNumber()).increment(ClusterMetric.MIRROR_DROPPED);
            end();
        }
    }

    private void end() {
        over = true;
        timer.cancel();
        request.cancel();
        waiting.forEach(ByteBuf::release);
        waiting.clear();
    }

    @Override
    public void upstreamInformational(ResponseHead head) {
        // Nobody waits for it.
    }

    @Override
    public void upstreamHead(ResponseHead head, boolean endOfStream) {
        answered(endOfStream);
    }

    @Override
    public void upstreamData(ByteBuf data, boolean endOfStream) {
        data.release();
        answered(endOfStream);
    }

    @Override
    public void upstreamTrailers(Headers last) {
        answered(true);
    }

    private void answered(boolean endOfStream) {
        if (endOfStream) {
            end();
        }
    }

    @Override
    public void upstreamFailed(Failure failure) {
        end();
    }

    @Override
    public long remainingNanos() {
        return Long.MAX_VALUE;
    }
}
