package dev.perimeter.proxy.filter.chain;

import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import io.netty.buffer.ByteBuf;

/** The request's way, first filter first. */
final class RequestLane extends Lane<RequestHead> {

    private final HttpFilter[] filters;
    private final Exchange exchange;

    RequestLane(HttpFilter[] filters, Exchange exchange, ChainEnd<RequestHead> end) {
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
        return filters[position];
    }

    @Override
    boolean queuesBeforeEnd() {
        return true;
    }

    @Override
    Verdict onHead(int filter, RequestHead head, boolean endOfStream) {
        return filters[filter].onRequestHead(head, endOfStream, exchange);
    }

    @Override
    Verdict onData(int filter, ByteBuf data, boolean endOfStream) {
        return filters[filter].onRequestData(data, endOfStream, exchange);
    }

    @Override
    Verdict onTrailers(int filter, Headers trailers) {
        return filters[filter].onRequestTrailers(trailers, exchange);
    }

    @Override
    Failure withoutForward() {
        return new Failure.NoRouter();
    }
}
