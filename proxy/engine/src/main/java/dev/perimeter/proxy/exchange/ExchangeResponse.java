package dev.perimeter.proxy.exchange;

import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.failure.GrpcReply;
import dev.perimeter.proxy.filter.chain.ChainEnd;
import dev.perimeter.proxy.filter.chain.FilterChain;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.HttpDate;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.http.ServerStream;
import dev.perimeter.proxy.observe.Journal;
import dev.perimeter.proxy.route.RouteAction;
import dev.perimeter.proxy.runtime.LocalReplies;
import dev.perimeter.proxy.upstream.Downstream;
import dev.perimeter.proxy.upstream.UpstreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The way back: what the upstream (or the proxy itself) answers goes through the response filters and then to the
 * client, at the pace at which the client takes it.
 */
final class ExchangeResponse implements Downstream, ChainEnd<ResponseHead> {

    private final HttpExchange exchange;
    private final ServerStream stream;
    private final Journal journal;
    private final Pauses pauses = new Pauses();
    private @Nullable ResponseHead head;
    private boolean began;
    private boolean upgraded;
    private boolean ended;
    private boolean requestSent;

    ExchangeResponse(HttpExchange exchange, ServerStream stream, Journal journal) {
        this.exchange = exchange;
        this.stream = stream;
        this.journal = journal;
    }

    boolean began() {
        return began;
    }

    /** Whether the client was told to go on in another protocol, in which each direction has an end of its own. */
    boolean isUpgraded() {
        return upgraded;
    }

    /** The last of the request is on its way to the upstream. */
    void requestSent() {
        requestSent = true;
        if (ended) {
            exchange.complete();
        }
    }

    @Nullable
    ResponseHead head() {
        return head;
    }

    @Override
    public void upstreamInformational(ResponseHead informational) {
        if (!began) {
            stream.sendInformational(informational);
        }
    }

    @Override
    public void upstreamHead(ResponseHead answer, boolean endOfStream) {
        exchange.moved();
        head = answer;
        // Filters and the edits of headers may ask for what is answered, e.g. with %RESPONSE_CODE%.
        journal.answer(answer, "via_upstream");
        chain().responseHead(answer, endOfStream);
    }

    @Override
    public void upstreamData(ByteBuf data, boolean endOfStream) {
        exchange.moved();
        chain().responseData(data, endOfStream);
    }

    @Override
    public void upstreamTrailers(Headers trailers) {
        chain().responseTrailers(trailers);
    }

    @Override
    public void upstreamFailed(Failure failure) {
        exchange.fail(failure);
    }

    @Override
    public void upstreamTakesData(boolean takes) {
        FilterChain chain = exchange.chain();
        // What filters held back goes before the client is asked for more, and may be all that is taken.
        boolean goesOn = chain == null ? takes : chain.requestTaken(takes);
        exchange.pauseRequest(Pauses.UPSTREAM, !goesOn);
    }

    @Override
    public long remainingNanos() {
        return exchange.remainingNanos();
    }

    void direct(RouteAction.DirectResponse direct) {
        Headers headers = new Headers();
        byte[] body = direct.body().getBytes(StandardCharsets.UTF_8);
        headers.add("content-length", Integer.toString(body.length));
        if (body.length > 0) {
            headers.add("content-type", "text/plain");
        }
        journal.localReply(direct.status(), "direct_response", direct.body());
        if (exchange.client() == LocalReplies.To.GRPC_CALL) {
            local(GrpcReply.head(GrpcReply.ofHttp(direct.status()), body), Unpooled.EMPTY_BUFFER);
            return;
        }
        boolean toHead = exchange.client() == LocalReplies.To.HEAD;
        ByteBuf bytes = toHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body);
        local(new ResponseHead(direct.status(), "", headers), bytes);
    }

    void redirect(RouteAction.Redirect redirect, String location) {
        Headers headers = new Headers();
        headers.add("location", location);
        headers.add("content-length", "0");
        journal.localReply(redirect.status(), "direct_response", "");
        local(new ResponseHead(redirect.status(), "", headers), Unpooled.EMPTY_BUFFER);
    }

    /** The response filters see it, unless they saw a head before; takes ownership of {@code body}. */
    void local(ResponseHead answer, ByteBuf body) {
        FilterChain chain = exchange.chain();
        boolean through = chain != null && head == null;
        head = answer;
        journal.localHead(answer);
        boolean empty = !body.isReadable();
        if (chain != null) {
            chain.closeRequest();
            if (!through) {
                chain.closeResponse();
            }
        }
        if (through && chain != null) {
            chain.responseHead(answer, empty);
        } else {
            head(answer, empty);
        }
        if (empty) {
            body.release();
        } else if (through && chain != null) {
            chain.responseData(body, true);
        } else {
            data(body, true);
        }
    }

    /** The head behind its last filter. */
    @Override
    public void head(ResponseHead answer, boolean endOfStream) {
        exchange.responseHeaders().apply(answer.headers(), journal);
        String cookie = exchange.get(Affinity.NEW_COOKIE);
        if (cookie != null) {
            answer.headers().add("set-cookie", cookie);
        }
        // Whoever passes an answer on without a date says when it came (RFC 9110 section 6.6.1).
        if (!answer.headers().contains("date")) {
            answer.headers()
                    .add(
                            "date",
                            HttpDate.of(
                                    exchange.connection().worker().calendar().millis()));
        }
        EdgeHeaders.response(answer.headers(), exchange.manager().config().edge(), exchange.requestIfAny());
        if (exchange.connection().isLastReply()) {
            stream.closeAfterwards();
        }
        began = true;
        upgraded = answer.status() == 101;
        stream.sendHead(answer, endOfStream);
        if (endOfStream) {
            exchange.complete();
        }
    }

    @Override
    public void data(ByteBuf data, boolean endOfStream) {
        if (exchange.isOver()) {
            data.release();
            return;
        }
        journal.sent(data.readableBytes());
        stream.sendData(data, endOfStream);
        if (endOfStream) {
            ended = true;
            if (requestSent || !upgraded) {
                exchange.complete();
            }
        } else if (!stream.isWritable()) {
            clientTakes(false);
        }
    }

    @Override
    public void trailers(Headers trailers) {
        if (!exchange.isOver()) {
            journal.trailers(trailers);
            stream.sendTrailers(trailers);
            exchange.complete();
        }
    }

    @Override
    public void failed(Failure failure) {
        exchange.fail(failure);
    }

    @Override
    public void answered(ResponseHead answer, String details) {
        journal.localReply(answer.status(), details, "");
        local(answer, Unpooled.EMPTY_BUFFER);
    }

    @Override
    public void wantsContent() {}

    @Override
    public void waiting(boolean waits) {
        pauseUpstream(Pauses.FILTER, waits);
    }

    void clientWritable() {
        exchange.moved();
        clientTakes(true);
    }

    private void clientTakes(boolean takes) {
        FilterChain chain = exchange.chain();
        if (chain != null) {
            chain.responseTaken(takes);
        }
        pauseUpstream(Pauses.CLIENT, !stream.isWritable());
    }

    private void pauseUpstream(int reason, boolean on) {
        UpstreamRequest upstream = exchange.upstream();
        if (pauses.change(reason, on) && upstream != null) {
            upstream.pauseReading(on);
        }
    }

    private FilterChain chain() {
        return java.util.Objects.requireNonNull(exchange.chain(), "an answer without a request");
    }
}
