package dev.perimeter.proxy.story.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.route.RouteAction.WeightedCluster;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A sender ends while its receiver is slow: the end stands behind what the kernel holds, which must neither be lost nor
 * move into the memory of the proxy.
 */
class EndBehindBytesTest {

    private static final int TOTAL = 16 << 20;

    /** One read and one write buffer and some more; sockets hold some MiB. */
    private static final long MOST = 512 * 1024;

    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
    private final CountDownLatch readNow = new CountDownLatch(1);

    private record Seen(long read, long mostBuffered) {}

    /** A sender that is done, as far as it can tell, long before its receiver. */
    private static Thread send(Socket socket, int count) {
        return Thread.ofVirtual().start(() -> {
            try {
                byte[] part = new byte[64 * 1024];
                for (int sent = 0; sent < count; sent += part.length) {
                    socket.getOutputStream().write(part);
                }
                socket.shutdownOutput();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Seen read(InputStream in, RunningProxy proxy) throws IOException {
        byte[] part = new byte[16 * 1024];
        long most = 0;
        long sum = 0;
        for (int count = in.read(part); count >= 0; count = in.read(part)) {
            sum += count;
            most = Math.max(most, proxy.dataPlane().bufferedBytes());
        }
        return new Seen(sum, most);
    }

    @Test
    void relay_whoseClientEnds_takesNoMoreThanBefore() throws Exception {
        BlockingQueue<RunningProxy> asked = new LinkedBlockingQueue<>();
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    RunningProxy proxy = asked.take();
                    readNow.await();
                    seen.add(read(connection.socket().getInputStream(), proxy));
                });
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("up", upstream.address())
                        .tcp("tcp", Duration.ZERO, new WeightedCluster("up", 1)));
                RawClient client = new RawClient(proxy.address("tcp"))) {
            asked.add(proxy);
            Thread sender = send(client.socket(), TOTAL);
            boolean ignored = sender.join(Duration.ofMillis(300));
            readNow.countDown();

            Seen all = seen.poll(20, TimeUnit.SECONDS);
            assertThat(all).isNotNull();
            assertThat(all.read()).isEqualTo(TOTAL);
            assertThat(all.mostBuffered()).isLessThan(MOST);
        }
    }

    @Test
    void answer_whoseUpstreamEnds_comesWhole_andTakesNoMoreThanBefore() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
                    send(connection.socket(), TOTAL).join();
                    connection.socket().getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                });
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("up", upstream.address())
                        .route("/", "up")
                        .http());
                RawClient client = new RawClient(proxy.address())) {
            client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n").readTo("\r\n\r\n");
            boolean ignored = readNow.await(300, TimeUnit.MILLISECONDS);

            Seen all = read(client.socket().getInputStream(), proxy);
            assertThat(all.read()).isEqualTo(TOTAL);
            assertThat(all.mostBuffered()).isLessThan(MOST);
        }
    }
}
