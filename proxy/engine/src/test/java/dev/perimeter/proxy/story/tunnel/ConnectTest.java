package dev.perimeter.proxy.story.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpTimeouts;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RawHttp2;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** CONNECT, ended here and relayed as TCP: how gRPC passes an explicit proxy. */
public class ConnectTest {

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final String CONNECT = "CONNECT payment:9090 HTTP/1.1\r\nHost: payment:9090\r\n\r\n";

    private static RunningProxy tunnelTo(InetSocketAddress upstream) {
        return new RunningProxy(
                new Config().connectAllowed().cluster("a", upstream).tunnel("a").http());
    }

    @Test
    void connect_toACluster_carriesBytesBothWays() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readTo(PREFACE);
                    connection.send("settings");
                    connection.readTo("headers");
                    connection.send("trailers");
                });
                RunningProxy proxy = tunnelTo(upstream.address())) {
            try (RawClient client = new RawClient(proxy.address())) {
                assertThat(client.send(CONNECT).readTo("\r\n\r\n")).startsWith("HTTP/1.1 200");
                assertThat(client.send(PREFACE).readTo("settings")).isEqualTo("settings");
                assertThat(client.send("headers").readToEnd()).isEqualTo("trailers");
            }

            assertThat(proxy.logLines(1).getFirst())
                    .contains("\"method\":\"CONNECT\"", "\"status\":200", "\"sent\":16", "\"received\":31")
                    .contains("\"cluster\":\"a\"");
        }
    }

    @Test
    void connect_withBytesBehindTheHead_losesNone() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readTo(PREFACE);
                    connection.send("seen");
                });
                RunningProxy proxy = tunnelTo(upstream.address());
                RawClient client = new RawClient(proxy.address())) {
            client.send(CONNECT + PREFACE);

            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 200");
            assertThat(client.readToEnd()).isEqualTo("seen");
        }
    }

    @Test
    void connect_toADeadEndpoint_is503() throws Exception {
        try (RunningProxy proxy = tunnelTo(RawUpstream.deadAddress());
                RawClient client = new RawClient(proxy.address())) {
            assertThat(client.send(CONNECT).readTo("\r\n\r\n")).startsWith("HTTP/1.1 503");
            assertThat(proxy.logLines(1).getFirst()).contains("\"flags\":\"UF\"");
        }
    }

    @Test
    void connect_withoutARouteForIt_is404() throws Exception {
        try (RunningProxy proxy = new RunningProxy(new Config()
                        .connectAllowed()
                        .cluster("a")
                        .route("/", "a")
                        .http());
                RawClient client = new RawClient(proxy.address())) {
            assertThat(client.send(CONNECT).readTo("\r\n\r\n")).startsWith("HTTP/1.1 404");
        }
    }

    /** An end that neither side asked for must not look like one: whoever is cut short sees a reset. */
    @Test
    void tunnelThatLivedTooLong_isAResetOnBothSides() throws Exception {
        HttpTimeouts usual = HttpTimeouts.DEFAULTS;
        HttpTimeouts brief = new HttpTimeouts(
                usual.requestHeaders(),
                usual.request(),
                usual.streamIdle(),
                usual.connectionIdle(),
                usual.drain(),
                Duration.ofMillis(300),
                Duration.ZERO);
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readTo("word");
                    connection.send("heard");
                    try {
                        connection.socket().getInputStream().transferTo(OutputStream.nullOutputStream());
                        seen.add("end");
                    } catch (IOException e) {
                        seen.add("reset");
                    }
                });
                RunningProxy proxy = new RunningProxy(new Config()
                        .connectAllowed()
                        .timeouts(brief)
                        .cluster("a", upstream.address())
                        .tunnel("a")
                        .http())) {
            try (RawClient client = new RawClient(proxy.address())) {
                assertThat(client.send(CONNECT).readTo("\r\n\r\n")).startsWith("HTTP/1.1 200");
                assertThat(client.send("word").readTo("heard")).isEqualTo("heard");
                assertThatThrownBy(client::readToEnd).isInstanceOf(IOException.class);
                assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("reset");
            }
            try (RawHttp2 client = new RawHttp2(proxy.address())) {
                client.headers(1, false, ":method: CONNECT", ":authority: payment:9090")
                        .data(1, false, "word");
                assertThat(client.next(RawHttp2.RST_STREAM).stream()).isEqualTo(1);
                assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("reset");
            }
            assertThat(proxy.logLines(2)).allSatisfy(line -> assertThat(line).contains("\"flags\":\"DT\""));
        }
    }
}
