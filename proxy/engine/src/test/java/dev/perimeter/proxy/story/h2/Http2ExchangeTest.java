package dev.perimeter.proxy.story.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpTimeouts;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RawHttp2;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What one stream does to its upstream, and the upstream to the stream, frame by frame. */
class Http2ExchangeTest {

    private static RunningProxy before(RawUpstream upstream) {
        return new RunningProxy(
                new Config().cluster("a", upstream.address()).route("/", "a").http());
    }

    @Test
    void head_becomesHttp1_inTheClientsOrder_andCookiesJoin() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    seen.add(connection.readHead());
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: b\r\n\r\nok");
                });
                RunningProxy proxy = before(upstream);
                RawHttp2 client = new RawHttp2(proxy.address())) {
            client.headers(
                    1,
                    true,
                    ":method: GET",
                    ":scheme: http",
                    ":authority: shop:80",
                    ":path: /x",
                    "b: 1",
                    "cookie: a=1",
                    "a: 2",
                    "cookie: b=2");

            RawHttp2.Answer answer = client.answer(1);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.head().get("x-a")).hasToString("b");
            assertThat(answer.body()).isEqualTo("ok");
            assertThat(seen.take())
                    .startsWith("GET /x HTTP/1.1\r\nHost: shop:80\r\nb: 1\r\na: 2\r\ncookie: a=1; b=2\r\n");
        }
    }

    @Test
    void trailers_passBothWays() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    seen.add(connection.readTo("x-sum: 42\r\n\r\n"));
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "2\r\nok\r\n0\r\nX-Checksum: 7\r\n\r\n");
                });
                RunningProxy proxy = before(upstream);
                RawHttp2 client = new RawHttp2(proxy.address())) {
            client.post(1, "/").data(1, false, "hello").headers(1, true, "x-sum: 42");

            RawHttp2.Answer answer = client.answer(1);
            assertThat(answer.body()).isEqualTo("ok");
            assertThat(answer.trailers().get("x-checksum")).hasToString("7");
            assertThat(answer.head().contains("transfer-encoding")).isFalse();
            assertThat(seen.take()).contains("5\r\nhello\r\n0\r\n");
        }
    }

    @Test
    void informationalHeads_passBeforeTheFinalOne() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
                    connection.readTo("0\r\n\r\n");
                    connection.send("HTTP/1.1 204 No Content\r\n\r\n");
                });
                RunningProxy proxy = before(upstream);
                RawHttp2 client = new RawHttp2(proxy.address())) {
            client.post(1, "/", "expect: 100-continue");

            assertThat(client.decode(client.next(RawHttp2.HEADERS)).status()).hasToString("100");
            assertThat(client.decode(client.next(RawHttp2.HEADERS)).get("link")).hasToString("</a>");
            client.data(1, true, "go");
            RawHttp2.Answer answer = client.answer(1);
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.reset()).isEqualTo(-1);
        }
    }

    @Test
    void events_arriveOneByOne_asTheUpstreamSendsThem() throws Exception {
        BlockingQueue<String> next = new LinkedBlockingQueue<>();
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n");
                    for (int i = 0; i < 3; i++) {
                        connection.send("9\r\n" + next.take() + "\r\n");
                    }
                    next.take();
                    connection.send("0\r\n\r\n");
                });
                RunningProxy proxy = before(upstream);
                RawHttp2 client = new RawHttp2(proxy.address())) {
            client.get(1, "/");
            client.next(RawHttp2.HEADERS);
            for (String event : new String[] {"data: 1\n\n", "data: 2\n\n", "data: 3\n\n"}) {
                next.add(event);
                assertThat(client.next(RawHttp2.DATA).payload()).asString().isEqualTo(event);
            }
            next.add("end");
            assertThat(client.next(RawHttp2.DATA).ends()).isTrue();
        }
    }

    @Test
    void responseThatBreaksOff_isResetAndNeverEnded_andTheConnectionLives() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart");
                    connection.reset();
                });
                RunningProxy proxy = before(upstream);
                RawHttp2 client = new RawHttp2(proxy.address())) {
            client.get(1, "/");
            assertThat(client.answer(1).reset()).isEqualTo(2);

            client.frame(RawHttp2.PING, 0, 0, new byte[8]);
            assertThat(client.next(RawHttp2.PING)).isNotNull();
        }
    }

    @Test
    void resetByTheClient_endsTheUpstreamsRequest_andNoOther() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        BlockingQueue<String> go = new LinkedBlockingQueue<>();
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    String head = connection.readHead();
                    if (head.startsWith("GET /slow")) {
                        go.take();
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    } else {
                        arrived.countDown();
                        if (connection.socket().getInputStream().read() < 0) {
                            gone.countDown();
                        }
                    }
                });
                RunningProxy proxy = before(upstream);
                RawHttp2 client = new RawHttp2(proxy.address())) {
            client.get(1, "/slow").post(3, "/gone");
            assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
            client.frame(RawHttp2.RST_STREAM, 0, 3, RawHttp2.number(8));

            assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
            go.add("go");
            assertThat(client.answer(1).body()).isEqualTo("ok");
            assertThat(proxy.logLines(2)).anyMatch(line -> line.contains("/gone") && line.contains("DC"));
        }
    }

    @Test
    void answerBeforeTheEndOfTheRequest_isFollowedByAResetWithoutError() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
                });
                RunningProxy proxy = before(upstream);
                RawHttp2 client = new RawHttp2(proxy.address())) {
            client.post(1, "/").data(1, false, "some");

            RawHttp2.Answer answer = client.answer(1);
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).isEqualTo("no");
            RawHttp2.Frame reset = client.next(RawHttp2.RST_STREAM);
            assertThat(reset.stream()).isEqualTo(1);
            assertThat(reset.code()).isZero();
        }
    }

    @Test
    void upstreamThatDoesNotRead_stopsTheClientsWindow_andNothingIsLost() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        BlockingQueue<Long> received = new LinkedBlockingQueue<>();
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    read.await();
                    byte[] buffer = new byte[65536];
                    long sum = 0;
                    while (sum < 50_000_000) {
                        sum += connection.socket().getInputStream().read(buffer);
                    }
                    received.add(sum);
                    connection.send("HTTP/1.1 204 No Content\r\n\r\n");
                });
                RunningProxy proxy = before(upstream);
                RawHttp2 client = new RawHttp2(proxy.address())) {
            client.post(1, "/", "content-length: 50000000");
            FlowingBody body = new FlowingBody(client, 1, 50_000_000);
            long stalled = body.sendUntilStalled();
            // Not more than our windows and what the kernel takes may be on the way.
            assertThat(stalled).isLessThan(20_000_000);
            read.countDown();
            body.sendTheRest();

            assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo(50_000_000);
            assertThat(client.answer(1).status()).isEqualTo(204);
        }
    }

    @Test
    void clientThatGivesNoWindow_stopsTheUpstream() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(1_000_000));
                });
                RunningProxy proxy = before(upstream);
                RawHttp2 client = new RawHttp2(proxy.address(), RawHttp2.setting(4, 10))) {
            client.get(1, "/");
            client.next(RawHttp2.HEADERS);
            assertThat(client.next(RawHttp2.DATA).payload()).hasSize(10);
            client.frame(RawHttp2.PING, 0, 0, new byte[8]);
            assertThat(client.next().type()).isEqualTo(RawHttp2.PING);

            client.frame(RawHttp2.WINDOW_UPDATE, 0, 0, RawHttp2.number(2_000_000));
            client.frame(RawHttp2.WINDOW_UPDATE, 0, 1, RawHttp2.number(2_000_000));
            assertThat(client.answer(1).body()).hasSize(999_990);
        }
    }

    @Test
    void silentRequest_isAnsweredByTimeOut_andTheConnectionLives() throws Exception {
        HttpTimeouts quick = new HttpTimeouts(
                Duration.ofSeconds(10),
                Duration.ZERO,
                Duration.ofMillis(150),
                Duration.ofHours(1),
                Duration.ofSeconds(5));
        try (RawUpstream upstream = RawUpstream.running(connection -> connection.readTo("never"));
                RunningProxy proxy = new RunningProxy(new Config()
                        .timeouts(quick)
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http());
                RawHttp2 client = new RawHttp2(proxy.address())) {
            client.post(1, "/");

            RawHttp2.Answer answer = client.answer(1);
            assertThat(answer.status()).isEqualTo(408);
            assertThat(client.next(RawHttp2.RST_STREAM).code()).isZero();
            client.frame(RawHttp2.PING, 0, 0, new byte[8]);
            assertThat(client.next(RawHttp2.PING)).isNotNull();
        }
    }

    @Test
    void idleConnection_isToldAndClosed() throws Exception {
        HttpTimeouts quick = new HttpTimeouts(
                Duration.ofSeconds(10),
                Duration.ZERO,
                Duration.ofMinutes(5),
                Duration.ofMillis(150),
                Duration.ofSeconds(5));
        try (RawUpstream upstream = RawUpstream.running(connection -> connection.readTo("never"));
                RunningProxy proxy = new RunningProxy(new Config()
                        .timeouts(quick)
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http());
                RawHttp2 client = new RawHttp2(proxy.address())) {
            assertThat(client.next(RawHttp2.GOAWAY).code()).isZero();
            assertThat(client.next()).isNull();
        }
    }
}
