package dev.perimeter.proxy.story.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** 256 MiB past a reader that does not read: the sender has to wait, and memory has to stay where it is. */
public class BackPressureTest {

    private static final long TOTAL = 256L << 20;

    /** Kernel buffers of three sockets may fill; with automatic sizing they can grow to some MiB each. */
    private static final long MOST_IN_FLIGHT = 40L << 20;

    private final AtomicLong sent = new AtomicLong();

    private void pour(OutputStream out) throws Exception {
        byte[] chunk = new byte[64 * 1024];
        while (sent.get() < TOTAL) {
            out.write(chunk);
            sent.addAndGet(chunk.length);
        }
        out.flush();
    }

    private void awaitStandstill() {
        AtomicLong last = new AtomicLong(-1);
        Awaitility.await()
                .pollInterval(Duration.ofMillis(250))
                .atMost(Duration.ofSeconds(20))
                .until(() -> sent.get() > 0 && last.getAndSet(sent.get()) == sent.get());
    }

    private static long drain(InputStream in, long count) throws Exception {
        byte[] chunk = new byte[256 * 1024];
        long read = 0;
        while (read < count) {
            int n = in.read(chunk, 0, (int) Math.min(chunk.length, count - read));
            if (n < 0) {
                break;
            }
            read += n;
        }
        return read;
    }

    @Test
    void download_slowClient_slowsTheUpstream() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + TOTAL + "\r\n\r\n");
                    pour(connection.socket().getOutputStream());
                });
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http());
                RawClient client = new RawClient(proxy.address())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            client.readTo("\r\n\r\n");

            awaitStandstill();
            assertThat(sent.get()).isLessThan(MOST_IN_FLIGHT);
            assertThat(drain(client.socket().getInputStream(), TOTAL)).isEqualTo(TOTAL);
        }
    }

    @Test
    void upload_slowUpstream_slowsTheClient() throws Exception {
        CountDownLatch readNow = new CountDownLatch(1);
        AtomicLong arrived = new AtomicLong();
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    readNow.await();
                    arrived.set(drain(connection.socket().getInputStream(), TOTAL));
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                });
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http());
                RawClient client = new RawClient(proxy.address())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + TOTAL + "\r\n\r\n");
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    pour(client.socket().getOutputStream());
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });

            awaitStandstill();
            assertThat(sent.get()).isLessThan(MOST_IN_FLIGHT);
            readNow.countDown();
            // The answer comes when all was sent, which takes its time on a busy machine.
            sender.join();
            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 200");
            assertThat(arrived.get()).isEqualTo(TOTAL);
        }
    }
}
