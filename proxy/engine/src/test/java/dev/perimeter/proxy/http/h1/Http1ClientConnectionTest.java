package dev.perimeter.proxy.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.http.ClientConnection;
import dev.perimeter.proxy.http.ClientStream;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHandler;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.http.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Http1ClientConnectionTest implements ClientConnection.Owner, ResponseHandler {

    private final Http1ClientConnection connection = new Http1ClientConnection(HttpServer.LIMITS, this);
    private final EmbeddedChannel channel = new EmbeddedChannel(connection);
    private final StringBuilder seen = new StringBuilder();
    private int available;
    private int closed;
    private StreamReset reset;

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        assertThat(closed).isEqualTo(1);
    }

    @Test
    void request_isWrittenInOriginFormWithItsOwnNames() {
        RequestHead head = request("GET");
        head.headers().add("x-Trace", "1");
        connection.send(head, true, this);
        assertThat(output()).isEqualTo("GET /charges HTTP/1.1\r\nHost: payment:8080\r\nx-Trace: 1\r\n\r\n");
    }

    @Test
    void requestOfUnknownLength_isChunkedWithTrailers() {
        ClientStream stream = connection.send(request("POST"), false, this);
        stream.sendData(bytes("abc"), false);
        Headers trailers = new Headers();
        trailers.add("X-Sum", "3");
        stream.sendTrailers(trailers);
        assertThat(output())
                .isEqualTo("POST /charges HTTP/1.1\r\nHost: payment:8080\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "3\r\nabc\r\n0\r\nX-Sum: 3\r\n\r\n");
    }

    @Test
    void requestWithLength_isSentByLength() {
        RequestHead head = request("PUT");
        head.headers().add("Content-Length", "3");
        connection.send(head, false, this).sendData(bytes("abc"), true);
        assertThat(output()).endsWith("Content-Length: 3\r\n\r\nabc");
    }

    @Test
    void postWithoutContent_saysSo() {
        connection.send(request("POST"), true, this);
        assertThat(output()).endsWith("Content-Length: 0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n"
                        + "HTTP/1.1 103 Early Hints\r\n"
                        + "Link: a\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\n"
                        + "Content-Length: 3\r\n\r\n"
                        + "abc",
                "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nabc",
                "HTTP/1.1 200\r\nContent-Length: 3\r\n\r\nabc"
            })
    void response_cutAtEveryByte_isReadAndTheConnectionUsedAgain(String response) {
        int rounds = 0;
        for (int cut = 1; cut < response.length(); cut++) {
            seen.setLength(0);
            connection.send(request("GET"), true, this);
            InMemory.write(channel, response.substring(0, cut));
            InMemory.write(channel, response.substring(cut));
            assertThat(seen.toString()).endsWith("abc|end");
            assertThat(seen.toString()).contains("200");
            assertThat(available).isEqualTo(++rounds);
        }
        output();
    }

    @Test
    void responseWithoutContent_endsWithItsHead() {
        connection.send(request("HEAD"), true, this);
        InMemory.write(channel, "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n");
        connection.send(request("GET"), true, this);
        InMemory.write(channel, "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n");
        connection.send(request("GET"), true, this);
        InMemory.write(channel, "HTTP/1.1 204 No Content\r\n\r\n");
        assertThat(seen.toString()).isEqualTo("200|end304|end204|end");
        assertThat(available).isEqualTo(3);
        output();
    }

    @Test
    void responseUntilClose_endsWithTheConnection() {
        connection.send(request("GET"), true, this);
        InMemory.write(channel, "HTTP/1.1 200 OK\r\n\r\nabc");
        assertThat(seen.toString()).isEqualTo("200abc");
        channel.close();
        assertThat(seen.toString()).isEqualTo("200abc|end");
        assertThat(available).isZero();
        output();
    }

    @Test
    void responseUntilClose_endedByAnError_isNotWhole() {
        connection.send(request("GET"), true, this);
        InMemory.write(channel, "HTTP/1.1 200 OK\r\n\r\nabc");
        channel.pipeline().fireExceptionCaught(new IOException("Connection reset"));
        assertThat(reset.cause()).isEqualTo(StreamReset.Cause.REMOTE_CLOSED);
        output();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX : a\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                "HTTP/2.0 200 OK\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 099 OK\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "\r\nHTTP/1.1 200 OK\r\n\r\n",
                "nonsense\r\n\r\n"
            })
    void responseWithTwoMeanings_isNeverWhole(String response) {
        connection.send(request("GET"), true, this);
        for (int i = 0; i < response.length(); i++) {
            InMemory.write(channel, response.substring(i, i + 1));
        }
        assertThat(reset.cause()).isEqualTo(StreamReset.Cause.PROTOCOL_ERROR);
        assertThat(reset.sentence()).contains("RFC");
        assertThat(seen.toString()).doesNotContain("|end");
        assertThat(channel.isOpen()).isFalse();
        output();
    }

    @Test
    void responseHeadTooLarge_isRefused() {
        connection.send(request("GET"), true, this);
        InMemory.write(channel, "HTTP/1.1 200 OK\r\nX: " + "a".repeat(3000) + "\r\n\r\n");
        assertThat(reset.cause()).isEqualTo(StreamReset.Cause.PROTOCOL_ERROR);
        output();
    }

    @Test
    void bytesNobodyAskedFor_closeTheConnection() {
        connection.send(request("GET"), true, this);
        InMemory.write(channel, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n");
        assertThat(seen.toString()).isEqualTo("200|end");
        assertThat(available).isZero();
        assertThat(channel.isOpen()).isFalse();
        output();
    }

    @Test
    void closeBeforeAResponse_onAReusedConnection_isTheKeepAliveRace() {
        connection.send(request("GET"), true, this);
        InMemory.write(channel, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        connection.send(request("GET"), true, this);
        channel.close();
        assertThat(reset.cause()).isEqualTo(StreamReset.Cause.CLOSED_BEFORE_RESPONSE);
        output();
    }

    @Test
    void closeBeforeAResponse_onAFreshConnection_isAClose() {
        connection.send(request("GET"), true, this);
        channel.close();
        assertThat(reset.cause()).isEqualTo(StreamReset.Cause.REMOTE_CLOSED);
        output();
    }

    @Test
    void responseBeforeTheRequestEnded_isDeliveredAndTheConnectionClosed() {
        ClientStream stream = connection.send(request("POST"), false, this);
        InMemory.write(channel, "HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nabc");
        assertThat(seen.toString()).isEqualTo("413abc|end");
        assertThat(channel.isOpen()).isFalse();
        stream.sendData(bytes("too late"), true);
        assertThat(available).isZero();
        output();
    }

    @Test
    void pausedResponse_isHeldUntilWanted() {
        ClientStream stream = connection.send(request("GET"), true, this);
        stream.pauseReading(true);
        InMemory.write(channel, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
        assertThat(seen.toString()).isEmpty();
        assertThat(channel.config().isAutoRead()).isFalse();
        stream.pauseReading(false);
        assertThat(seen.toString()).isEqualTo("200abc|end");
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(available).isEqualTo(1);
        output();
    }

    @Test
    void upgradeThatIsGranted_passesBytesAsTheyAre() {
        RequestHead head = request("GET");
        head.upgrade("other");
        ClientStream stream = connection.send(head, false, this);
        assertThat(output())
                .isEqualTo("GET /charges HTTP/1.1\r\nHost: payment:8080\r\n"
                        + "Connection: Upgrade\r\nUpgrade: other\r\n\r\n");
        assertThat(stream.isWritable()).isFalse();
        InMemory.write(channel, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\n\r\nfirst");
        assertThat(seen.toString()).isEqualTo("101first");
        assertThat(stream.isWritable()).isTrue();
        stream.sendData(bytes("raw\r\n"), false);
        InMemory.write(channel, "HTTP/1.1 200 OK\r\n");
        assertThat(seen.toString()).isEqualTo("101firstHTTP/1.1 200 OK\r\n");
        assertThat(output()).isEqualTo("raw\r\n");
        channel.close();
        assertThat(seen.toString()).endsWith("|end");
        assertThat(available).isZero();
    }

    @Test
    void upgradeThatIsNotGranted_leavesTheConnection() {
        RequestHead head = request("GET");
        head.upgrade("other");
        connection.send(head, false, this);
        InMemory.write(channel, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno");
        assertThat(seen.toString()).isEqualTo("200no|end");
        assertThat(available).isEqualTo(1);
        output();
    }

    private String output() {
        return InMemory.output(channel);
    }

    private static RequestHead request(String method) {
        return new RequestHead(method, "http", "payment:8080", "/charges", "HTTP/1.1", new Headers());
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void available(ClientConnection one) {
        available++;
    }

    @Override
    public void closed(ClientConnection one) {
        closed++;
    }

    @Override
    public void onInformational(ResponseHead head) {
        seen.append(head.status()).append('|');
    }

    @Override
    public void onHead(ResponseHead head, boolean endOfStream) {
        seen.append(head.status()).append(endOfStream ? "|end" : "");
    }

    @Override
    public void onData(ByteBuf data, boolean endOfStream) {
        seen.append(data.toString(StandardCharsets.ISO_8859_1)).append(endOfStream ? "|end" : "");
        data.release();
    }

    @Override
    public void onTrailers(Headers trailers) {
        seen.append("|end").append(trailers);
    }

    @Override
    public void onReset(StreamReset reason) {
        reset = reason;
    }

    @Override
    public void onWritable() {}
}
