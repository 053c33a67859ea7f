package dev.perimeter.proxy.sidecar.process;

import dev.perimeter.proxy.sidecar.soak.EchoService;
import dev.perimeter.proxy.testkit.RawClient;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that ask one proxy without a pause, and after a word another, as those behind a load balancer do. A connection
 * that says that it is the last is left; nothing else may go wrong.
 */
final class MovingLoad implements AutoCloseable {

    static final String HTTP1 = "HTTP/1.1";
    static final String HTTP2 = "HTTP/2";

    private static final int CLIENTS = 4;

    private final InetSocketAddress first;
    private final InetSocketAddress second;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean moved;
    private volatile boolean over;

    MovingLoad(InetSocketAddress first, InetSocketAddress second) {
        this.first = first;
        this.second = second;
        for (int i = 0; i < CLIENTS; i++) {
            threads.add(Thread.ofVirtual().start(() -> until(this::http1)));
            threads.add(Thread.ofVirtual().start(() -> until(this::http2)));
        }
    }

    /** From now on connections are made to the second. */
    void move() {
        moved = true;
    }

    /** @param whose {@code first} or {@code second} */
    int answers(String whose, String protocol) {
        return counter(whose, protocol).get();
    }

    Queue<String> failures() {
        return failures;
    }

    private AtomicInteger counter(String whose, String protocol) {
        return answers.computeIfAbsent(whose + protocol, key -> new AtomicInteger());
    }

    @FunctionalInterface
    private interface Visit {
        void to(String whose, InetSocketAddress address) throws Exception;
    }

    private void until(Visit visit) {
        while (!over) {
            boolean there = moved;
            String whose = there ? "second" : "first";
            try {
                visit.to(whose, there ? second : first);
            } catch (Exception failed) {
                failures.add(whose + ": " + failed);
                return;
            }
        }
    }

    /** One connection, as long as it lasts. */
    private void http1(String whose, InetSocketAddress address) throws Exception {
        try (RawClient client = new RawClient(address)) {
            boolean last = false;
            while (!last && !over) {
                String reply = client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readTo("here");
                last = reply.contains("onnection: close");
                if (!reply.startsWith("HTTP/1.1 200")) {
                    throw new IllegalStateException(reply);
                }
                counter(whose, HTTP1).incrementAndGet();
            }
        }
    }

    /** A channel that follows GOAWAY by itself, until there is somewhere better to go. */
    private void http2(String whose, InetSocketAddress address) throws Exception {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(address).usePlaintext().build();
        try {
            while (!over && (moved == whose.equals("second"))) {
                ClientCalls.blockingUnaryCall(
                        channel,
                        EchoService.ONCE,
                        CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
                        new byte[100]);
                counter(whose, HTTP2).incrementAndGet();
            }
        } finally {
            channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        over = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
