package dev.perimeter.proxy.http.parse;

import dev.perimeter.proxy.http.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Takes the content of one message after another out of received bytes, as slices of them and without copying. */
public final class BodyReader {

    /** What takes the content; the last call is {@code onBody} with {@code end} or {@code onTrailers}. */
    public interface Sink {

        /** Ownership of {@code data} passes on. */
        void onBody(ByteBuf data, boolean end);

        void onTrailers(Headers trailers);
    }

    private enum Mode {
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private final ChunkReader chunks = new ChunkReader();
    private final TrailerReader trailers;
    private final Sink sink;
    private Mode mode = Mode.LENGTH;
    private long remaining;

    public BodyReader(int maxTrailerBytes, int maxTrailers, Sink sink) {
        this.trailers = new TrailerReader(maxTrailerBytes, maxTrailers);
        this.sink = sink;
    }

    /** @param length more than zero */
    public void startLength(long length) {
        mode = Mode.LENGTH;
        remaining = length;
    }

    public void startChunked() {
        mode = Mode.CHUNKED;
        chunks.reset();
        trailers.reset();
    }

    public void startUntilClose() {
        mode = Mode.UNTIL_CLOSE;
    }

    public boolean untilClose() {
        return mode == Mode.UNTIL_CLOSE;
    }

    /** Bytes still to come, or {@link Long#MAX_VALUE} when only the sender knows. */
    public long remaining() {
        return mode == Mode.LENGTH ? remaining : Long.MAX_VALUE;
    }

    /** Hands at most one piece to the sink, so that the caller can look between pieces whether it is still wanted. */
    public @Nullable Violation read(ByteBuf in) {
        return switch (mode) {
            case LENGTH -> {
                int count = (int) Math.min(remaining, in.readableBytes());
                remaining -= count;
                sink.onBody(in.readRetainedSlice(count), remaining == 0);
                yield null;
            }
            case UNTIL_CLOSE -> {
                sink.onBody(in.readRetainedSlice(in.readableBytes()), false);
                yield null;
            }
            case CHUNKED -> chunked(in);
        };
    }

    private @Nullable Violation chunked(ByteBuf in) {
        if (chunks.remaining() > 0) {
            int count = (int) Math.min(chunks.remaining(), in.readableBytes());
            chunks.tookData(count);
            sink.onBody(in.readRetainedSlice(count), false);
            return null;
        }
        if (!chunks.last()) {
            return chunks.read(in);
        }
        if (!trailers.read(in)) {
            return trailers.violation();
        }
        Headers fields = trailers.finish();
        if (fields.size() == 0) {
            sink.onBody(Unpooled.EMPTY_BUFFER, true);
        } else {
            sink.onTrailers(fields);
        }
        return null;
    }
}
