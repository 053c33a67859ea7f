package dev.perimeter.proxy.http.h1;

import dev.perimeter.proxy.http.BadRequest;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHandler;
import dev.perimeter.proxy.http.RequestHandlers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.http.ServerStream;
import dev.perimeter.proxy.http.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes what a server connection hands on, answers whole requests with 200 and failures with their status. */
class Recorder implements RequestHandlers {

    final List<Received> received = new CopyOnWriteArrayList<>();
    final List<BadRequest> refusals = new CopyOnWriteArrayList<>();

    /** Requests that arrived to their end. */
    List<Received> whole() {
        return received.stream().filter(request -> request.ended).toList();
    }

    @Override
    public RequestHandler open(ServerStream stream) {
        Received request = new Received(stream);
        received.add(request);
        return request;
    }

    @Override
    public void refused(ServerStream stream, BadRequest failure) {
        refusals.add(failure);
        reply(stream, failure.status(), failure.details());
    }

    /** Called when a request is complete. */
    void answer(Received request) {
        reply(request.stream, 200, request.head.path());
    }

    static void reply(ServerStream stream, int status, String text) {
        Headers headers = new Headers();
        headers.add("Content-Length", Integer.toString(text.length()));
        stream.sendHead(new ResponseHead(status, "", headers), text.isEmpty());
        if (!text.isEmpty()) {
            stream.sendData(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1), true);
        }
    }

    /** Runs where the stream may be used. */
    static <T> T onLoop(Received request, Callable<T> action) {
        return request.stream
                .channel()
                .eventLoop()
                .submit(action)
                .syncUninterruptibly()
                .getNow();
    }

    static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    /** One request as it was handed on. */
    class Received implements RequestHandler {

        final ServerStream stream;
        final StringBuffer body = new StringBuffer();
        volatile RequestHead head;
        volatile Headers trailers = new Headers();
        volatile StreamReset reset;
        volatile boolean ended;
        volatile int writable;

        Received(ServerStream stream) {
            this.stream = stream;
        }

        @Override
        public void onHead(RequestHead received, boolean endOfStream) {
            head = received;
            end(endOfStream);
        }

        @Override
        public void onData(ByteBuf data, boolean endOfStream) {
            body.append(data.toString(StandardCharsets.ISO_8859_1));
            data.release();
            end(endOfStream);
        }

        @Override
        public void onTrailers(Headers received) {
            trailers = received;
            end(true);
        }

        @Override
        public void onReset(StreamReset reason) {
            reset = reason;
            if (!reason.connectionGone()) {
                reply(stream, reason.cause() == StreamReset.Cause.TIMEOUT ? 408 : 400, "");
            }
        }

        @Override
        public void onWritable() {
            writable++;
        }

        private void end(boolean endOfStream) {
            if (endOfStream) {
                ended = true;
                answer(this);
            }
        }

        /** Everything that must be the same after another hop. */
        String summary() {
            return head.method()
                    + ' '
                    + head.authority()
                    + ' '
                    + head.path()
                    + '\n'
                    + head.headers()
                    + body
                    + '\n'
                    + trailers;
        }
    }
}
