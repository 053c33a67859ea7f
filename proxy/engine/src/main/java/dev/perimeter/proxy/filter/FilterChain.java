package dev.perimeter.proxy.filter;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.NamedFilter;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Map;

/** The filters of one exchange, both directions. To be used on the exchange's event loop. */
public final class FilterChain {

    private final HttpFilter[] filters;
    private final Exchange exchange;
    private final RequestLane request;
    private final ResponseLane response;

    /** @param routeConfigs takes the place of a filter's own config for this route, by the filter's name */
    public FilterChain(
            List<NamedFilter> chain,
            Map<String, FilterFactory> routeConfigs,
            Exchange exchange,
            ChainEnd<RequestHead> requestEnd,
            ChainEnd<ResponseHead> responseEnd) {
        this.exchange = exchange;
        filters = new HttpFilter[chain.size()];
        for (int i = 0; i < filters.length; i++) {
            NamedFilter named = chain.get(i);
            filters[i] =
                    routeConfigs.getOrDefault(named.name(), named.factory()).create();
        }
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

    public void resumeRequest(Verdict verdict) {
        request.resume(verdict);
    }

    public void resumeResponse(Verdict verdict) {
        response.resume(verdict);
    }

    /** No more of the request will pass; the response may. */
    public void closeRequest() {
        request.close();
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
