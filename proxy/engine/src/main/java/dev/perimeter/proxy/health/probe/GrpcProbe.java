package dev.perimeter.proxy.health.probe;

import dev.perimeter.proxy.cluster.health.HealthCheck;
import dev.perimeter.proxy.health.Finding;
import dev.perimeter.proxy.health.probe.SocketProber.Target;
import dev.perimeter.proxy.http.ClientConnection;
import dev.perimeter.proxy.http.ClientStream;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHandler;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.http.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Asks by the gRPC health checking protocol (github.com/grpc/grpc, doc/health-checking.md): one unary call with one
 * string, answered by one number. Both messages are small enough to be written and read by hand.
 */
final class GrpcProbe extends ProbeSession implements ResponseHandler, ClientConnection.Owner {

    private static final int STRING_FIELD_1 = 0x0a;
    private static final int NUMBER_FIELD_1 = 0x08;
    private static final int SERVING = 1;
    private static final int PREFIX = 5;
    private static final int LONGEST_ANSWER = 64;

    private final HealthCheck.Grpc config;
    private final String host;
    private final ByteBuf answer = Unpooled.buffer(LONGEST_ANSWER, LONGEST_ANSWER);
    private @Nullable ClientConnection connection;

    GrpcProbe(Target target, HealthCheck.Grpc config, String host) {
        super(target);
        this.config = config;
        this.host = host;
    }

    @Override
    ChannelHandler handler() {
        ClientConnection codec = Codecs.client(true, this);
        connection = codec;
        return (ChannelHandler) codec;
    }

    @Override
    boolean canAskAgain() {
        return connection != null && connection.hasRoom();
    }

    @Override
    void send() {
        answer.clear();
        Headers headers = new Headers();
        headers.add("content-type", "application/grpc");
        headers.add("te", "trailers");
        RequestHead head = new RequestHead("POST", scheme(), host, "/grpc.health.v1.Health/Check", "HTTP/2", headers);
        if (connection != null) {
            ClientStream stream = connection.send(head, false, this);
            stream.sendData(question(), true);
        }
    }

    private ByteBuf question() {
        byte[] service = config.service().getBytes(StandardCharsets.UTF_8);
        ByteBuf message = Unpooled.buffer();
        if (service.length > 0) {
            message.writeByte(STRING_FIELD_1);
            int length = service.length;
            while (length > 0x7f) {
                message.writeByte(length & 0x7f | 0x80);
                length >>>= 7;
            }
            message.writeByte(length).writeBytes(service);
        }
        ByteBuf framed = Unpooled.buffer(PREFIX + message.readableBytes());
        return framed.writeByte(0).writeInt(message.readableBytes()).writeBytes(message);
    }

    @Override
    public void onHead(ResponseHead head, boolean endOfStream) {
        if (head.status() != 200) {
            done(Finding.NETWORK_FAILURE);
        } else if (endOfStream) {
            status(head.headers());
        }
    }

    @Override
    public void onData(ByteBuf data, boolean endOfStream) {
        answer.writeBytes(data, Math.min(data.readableBytes(), answer.writableBytes()));
        data.release();
        if (endOfStream) {
            done(Finding.NETWORK_FAILURE);
        }
    }

    @Override
    public void onTrailers(Headers trailers) {
        status(trailers);
    }

    private void status(Headers trailers) {
        String status = trailers.get("grpc-status");
        if (status == null) {
            done(Finding.NETWORK_FAILURE);
        } else if (status.equals("0")) {
            done(serving() ? Finding.HEALTHY : Finding.UNHEALTHY);
        } else {
            // Not there, or not implemented: it says clearly that it does not serve. Anything else may pass.
            done(status.equals("5") || status.equals("12") ? Finding.UNHEALTHY : Finding.RETRIABLE);
        }
    }

    private boolean serving() {
        return answer.readableBytes() >= PREFIX + 2
                && answer.getByte(PREFIX) == NUMBER_FIELD_1
                && answer.getByte(PREFIX + 1) == SERVING;
    }

    @Override
    public void onReset(StreamReset reason) {
        done(Finding.NETWORK_FAILURE);
    }

    @Override
    public void onInformational(ResponseHead head) {}

    @Override
    public void onWritable() {}

    @Override
    public void available(ClientConnection idle) {}

    @Override
    public void closed(ClientConnection gone) {}
}
