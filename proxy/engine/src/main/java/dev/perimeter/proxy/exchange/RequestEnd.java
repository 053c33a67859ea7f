package dev.perimeter.proxy.exchange;

import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.filter.chain.ChainEnd;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.upstream.UpstreamRequest;
import io.netty.buffer.ByteBuf;

/** The request behind its last filter: on to the upstream. */
final class RequestEnd implements ChainEnd<RequestHead> {

    private final HttpExchange exchange;
    private final ExchangeResponse response;

    RequestEnd(HttpExchange exchange, ExchangeResponse response) {
        this.exchange = exchange;
        this.response = response;
    }

    @Override
    public void head(RequestHead head, boolean endOfStream) {
        exchange.forward(head, endOfStream);
    }

    @Override
    public void data(ByteBuf data, boolean endOfStream) {
        UpstreamRequest upstream = exchange.upstream();
        if (upstream == null) {
            data.release();
        } else {
            upstream.sendData(data, endOfStream);
            if (endOfStream) {
                response.requestSent();
            }
        }
    }

    @Override
    public void trailers(Headers trailers) {
        UpstreamRequest upstream = exchange.upstream();
        if (upstream != null) {
            upstream.sendTrailers(trailers);
            response.requestSent();
        }
    }

    @Override
    public void failed(Failure failure) {
        exchange.fail(failure);
    }

    @Override
    public void answered(ResponseHead answer, String details) {
        exchange.answer(answer, details);
    }

    @Override
    public void wantsContent() {
        exchange.continueRequest();
    }

    @Override
    public void waiting(boolean waits) {
        exchange.pauseRequest(Pauses.FILTER, waits);
    }
}
