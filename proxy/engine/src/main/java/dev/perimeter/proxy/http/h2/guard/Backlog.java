package dev.perimeter.proxy.http.h2.guard;

import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.StreamByteDistributor;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import org.jspecify.annotations.Nullable;

/**
 * Streams share alike (RFC 9113 section 5.3: priorities of the old kind are not followed), and each can be asked how much
 * waits for its window.
 */
public final class Backlog implements StreamByteDistributor {

    private final StreamByteDistributor fair;
    private final Http2Connection.PropertyKey key;

    public Backlog(Http2Connection connection) {
        fair = new UniformStreamByteDistributor(connection);
        key = connection.newKey();
    }

    /** Bytes written to the stream that have not become frames yet. */
    public long bytes(Http2Stream stream) {
        StreamState state = stream.getProperty(key);
        return state == null ? 0 : state.pendingBytes();
    }

    @Override
    public void updateStreamableBytes(StreamState state) {
        Http2Stream stream = state.stream();
        @Nullable StreamState known = stream.getProperty(key);
        if (known == null) {
            stream.setProperty(key, state);
        }
        fair.updateStreamableBytes(state);
    }

    @Override
    public void updateDependencyTree(int child, int parent, short weight, boolean exclusive) {
        fair.updateDependencyTree(child, parent, weight, exclusive);
    }

    @Override
    public boolean distribute(int most, Writer writer) throws Http2Exception {
        return fair.distribute(most, writer);
    }
}
