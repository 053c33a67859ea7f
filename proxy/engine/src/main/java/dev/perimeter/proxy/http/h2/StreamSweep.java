package dev.perimeter.proxy.http.h2;

import dev.perimeter.proxy.http.StreamReset;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpTimeouts;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2StreamVisitor;

/** Looks at the streams of a connection once, ends those that were silent or slow for too long, and finds the next. */
final class StreamSweep implements Http2StreamVisitor {

    private final HttpTimeouts timeouts;
    private final Http2Connection.PropertyKey key;
    private final long now;
    private long next = StreamTimes.NEVER;

    StreamSweep(HttpTimeouts timeouts, Http2Connection.PropertyKey key, long now) {
        this.timeouts = timeouts;
        this.key = key;
        this.now = now;
    }

    /** When the next stream will be too late. */
    long over(Http2Connection connection) {
        try {
            connection.forEachActiveStream(this);
        } catch (Http2Exception e) {
            throw new IllegalStateException("visiting streams does not fail", e);
        }
        return next;
    }

    /** The earliest moment at which a stream that opens now can be too late. */
    static long first(HttpTimeouts timeouts, long now) {
        return StreamTimes.earlier(
                StreamTimes.after(now, timeouts.request()), StreamTimes.after(now, timeouts.streamIdle()));
    }

    @Override
    public boolean visit(Http2Stream active) {
        Http2ServerStream stream = active.getProperty(key);
        if (stream == null) {
            return true;
        }
        long idle = StreamTimes.after(stream.lastActivity(), timeouts.streamIdle());
        long request = stream.requestEnded() || stream.responseBegan()
                ? StreamTimes.NEVER
                : StreamTimes.after(stream.began(), timeouts.request());
        if (isDue(request)) {
            end(stream, "the request took longer than allowed (RFC 9110 section 15.5.9)");
        } else if (isDue(idle)) {
            end(stream, "nothing moved in the exchange for longer than allowed");
        } else {
            next = StreamTimes.earlier(next, StreamTimes.earlier(idle, request));
        }
        return true;
    }

    private static void end(Http2ServerStream stream, String why) {
        stream.broken(new StreamReset(StreamReset.Cause.TIMEOUT, false, why), Http2Error.NO_ERROR);
    }

    private boolean isDue(long deadline) {
        return deadline != StreamTimes.NEVER && deadline - now <= 0;
    }
}
