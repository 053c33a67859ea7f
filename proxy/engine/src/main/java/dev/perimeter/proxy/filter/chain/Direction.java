package dev.perimeter.proxy.filter.chain;

import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.http.Headers;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** In what a request's way through the filters and a response's differ. Positions count from where the part comes from. */
abstract sealed class Direction<H> permits Lane {

    abstract int filters();

    abstract HttpFilter filter(int position);

    abstract Verdict onHead(int filter, H head, boolean endOfStream);

    abstract Verdict onData(int filter, ByteBuf data, boolean endOfStream);

    abstract Verdict onTrailers(int filter, Headers trailers);

    /** The head came through all filters and none asked to forward it: a failure for a request, usual for a response. */
    abstract @Nullable Failure withoutForward();

    /** Whether data has to wait here while the end takes none; else that only holds back filters that ask. */
    abstract boolean queuesBeforeEnd();
}
