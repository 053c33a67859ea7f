package dev.perimeter.proxy.filter.chain;

import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.Flow;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import io.netty.buffer.ByteBuf;

/** The filters of one exchange, both directions. To be used on the exchange's event loop. */
public final class FilterChain {

    private final HttpFilter[] filters;
    private final Exchange exchange;
    private final RequestLane request;
    private final ResponseLane response;

    public FilterChain(
            FilterPlan plan, Exchange exchange, ChainEnd<RequestHead> requestEnd, ChainEnd<ResponseHead> responseEnd) {
        this.exchange = exchange;
        filters = plan.create();
        request = new RequestLane(filters, exchange, requestEnd);
        response = new ResponseLane(filters, exchange, responseEnd);
    }

    public void requestHead(RequestHead head, boolean endOfStream) {
        request.head(head, endOfStream);
    }

    /** Takes ownership of {@code data}. */
    public void requestData(ByteBuf data, boolean endOfStream) {
        request.data(data, endOfStream);
    }

    public void requestTrailers(Headers trailers) {
        request.trailers(trailers);
    }

    public void responseHead(ResponseHead head, boolean endOfStream) {
        response.head(head, endOfStream);
    }

    /** Takes ownership of {@code data}. */
    public void responseData(ByteBuf data, boolean endOfStream) {
        response.data(data, endOfStream);
    }

    public void responseTrailers(Headers trailers) {
        response.trailers(trailers);
    }

    public Flow requestFlow() {
        return request;
    }

    public Flow responseFlow() {
        return response;
    }

    /** Whether the upstream takes data; what was held meanwhile goes first. Answers whether it still does afterwards. */
    public boolean requestTaken(boolean taken) {
        return request.endTakes(taken);
    }

    /** Whether the client takes data, for filters that hold back what it would have to wait for anyway. */
    public void responseTaken(boolean taken) {
        boolean ignored = response.endTakes(taken);
    }

    /** Of bodies, which filters hold back in either direction. */
    public long bufferedBytes() {
        return request.bufferedBytes() + response.bufferedBytes();
    }

    /** No more of the request will pass; the response may. */
    public void closeRequest() {
        request.close();
    }

    /** What the upstream has said so far is not what the client gets. */
    public void closeResponse() {
        response.close();
    }

    /** The exchange is over. */
    public void complete() {
        request.close();
        response.close();
        for (HttpFilter filter : filters) {
            filter.onComplete(exchange);
        }
    }
}
