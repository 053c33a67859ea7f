package dev.perimeter.proxy.filter.chain;

import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The response's way, last filter first: who touched the request last touches the answer first. */
final class ResponseLane extends Lane<ResponseHead> {

    private final HttpFilter[] filters;
    private final Exchange exchange;

    ResponseLane(HttpFilter[] filters, Exchange exchange, ChainEnd<ResponseHead> end) {
        super(end);
        this.filters = filters;
        this.exchange = exchange;
    }

    @Override
    int filters() {
        return filters.length;
    }

    @Override
    HttpFilter filter(int position) {
        return filters[filters.length - 1 - position];
    }

    @Override
    boolean queuesBeforeEnd() {
        return false;
    }

    @Override
    Verdict onHead(int position, ResponseHead head, boolean endOfStream) {
        return filter(position).onResponseHead(head, endOfStream, exchange);
    }

    @Override
    Verdict onData(int position, ByteBuf data, boolean endOfStream) {
        return filter(position).onResponseData(data, endOfStream, exchange);
    }

    @Override
    Verdict onTrailers(int position, Headers trailers) {
        return filter(position).onResponseTrailers(trailers, exchange);
    }

    @Override
    @Nullable
    Failure withoutForward() {
        return null;
    }
}
