package dev.perimeter.proxy.http.h1;

import dev.perimeter.proxy.http.ClientStream;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHandler;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.http.StreamReset;
import dev.perimeter.proxy.http.parse.MessageFraming;
import dev.perimeter.proxy.http.upgrade.WebSocketKey;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** One exchange on a client connection; after its end every call falls silent, whatever the connection does by then. */
final class Http1ClientStream implements ClientStream {

    private final Http1ClientConnection connection;
    private final MessageWriter writer;
    private final ResponseHandler handler;
    private final boolean toHead;
    private final boolean upgrade;
    private @Nullable String ownKey;
    private boolean answered;
    private boolean raw;
    private boolean requestEnded;
    private boolean ended;

    Http1ClientStream(
            Http1ClientConnection connection, MessageWriter writer, RequestHead head, ResponseHandler handler) {
        this.connection = connection;
        this.writer = writer;
        this.handler = handler;
        this.toHead = head.method().equals("HEAD");
        this.upgrade = head.upgrade() != null;
    }

    void sendHead(RequestHead head, boolean endOfStream) {
        if (WebSocketKey.isFor(head) && !head.headers().contains(WebSocketKey.KEY)) {
            // It came by HTTP/2, where there is none.
            ownKey = WebSocketKey.fresh();
            head.headers().add(WebSocketKey.KEY, ownKey);
        }
        long length = MessageFraming.declared(head.headers());
        // A request to change the protocol is whole with its head; what follows belongs to the other protocol.
        writer.request(connection.outbox(), head, framing(head, endOfStream || upgrade, length), length);
        if (upgrade) {
            connection.outbox().messageEnds();
        } else if (endOfStream) {
            endRequest();
        }
    }

    /** Whether a 101 would be an answer to the request. */
    boolean asksForUpgrade() {
        return upgrade;
    }

    /** Whether the upstream proved that it knows what it was asked for; who asked looks at that. */
    boolean isProven(ResponseHead head) {
        return ownKey == null || WebSocketKey.proves(head.headers().get(WebSocketKey.ACCEPT), ownKey);
    }

    /** 101: bytes go both ways as they are, and each way has an end of its own. */
    void upgraded() {
        answered = true;
        raw = true;
        writer.raw();
    }

    /** The head of the last response is there; of an upgrade that was not granted nothing more is to be sent. */
    void answered() {
        answered = true;
        requestEnded |= upgrade;
    }

    /** Without content nothing is said about it, except where a receiver would expect some (RFC 9110 section 8.6). */
    private static MessageWriter.Framing framing(RequestHead head, boolean endOfStream, long length) {
        if (!endOfStream) {
            return length == MessageFraming.NONE ? MessageWriter.Framing.CHUNKED : MessageWriter.Framing.LENGTH;
        }
        boolean expectsContent = head.method().equals("POST") || head.method().equals("PUT");
        boolean wrong = length > 0 || length == MessageFraming.NONE && expectsContent;
        return wrong ? MessageWriter.Framing.EMPTY_CONTENT : MessageWriter.Framing.NO_CONTENT;
    }

    ResponseHandler handler() {
        return handler;
    }

    /** Whether the request was HEAD, so that the response has no content whatever its fields say. */
    boolean toHead() {
        return toHead;
    }

    boolean requestEnded() {
        return requestEnded;
    }

    void end() {
        ended = true;
    }

    void writable() {
        if (!ended) {
            handler.onWritable();
        }
    }

    void reset(StreamReset reason) {
        if (!ended) {
            ended = true;
            handler.onReset(reason);
        }
    }

    @Override
    public void sendData(ByteBuf data, boolean endOfStream) {
        if (ended || requestEnded) {
            data.release();
            return;
        }
        if (upgrade && !raw) {
            // Before the answer nobody knows whose bytes these are.
            data.release();
            return;
        }
        finish(writer.data(connection.outbox(), data, endOfStream), endOfStream);
        if (raw && endOfStream) {
            connection.endOutput();
        }
    }

    @Override
    public void sendTrailers(Headers trailers) {
        if (!ended && !requestEnded) {
            finish(writer.trailers(connection.outbox(), trailers), true);
        }
    }

    private void finish(boolean lengthKept, boolean endOfStream) {
        if (!lengthKept) {
            // Not what the head promised: the upstream must not take it for whole. The close reaches the handler.
            channel().close();
        } else if (endOfStream) {
            endRequest();
        }
    }

    private void endRequest() {
        requestEnded = true;
        connection.outbox().messageEnds();
    }

    @Override
    public void reset() {
        if (!ended) {
            ended = true;
            connection.abandon();
        }
    }

    @Override
    public boolean isWritable() {
        return (!upgrade || answered) && channel().isWritable();
    }

    @Override
    public void pauseReading(boolean pause) {
        if (!ended) {
            connection.pause(pause);
        }
    }

    @Override
    public long bufferedBytes() {
        return ended ? 0 : connection.bufferedBytes();
    }

    @Override
    public Channel channel() {
        return connection.channel();
    }
}
